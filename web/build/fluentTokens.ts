import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { webDarkTheme, webLightTheme, type Theme } from '@fluentui/tokens';
import type { Plugin } from 'vite';

const name = 'virtual:fluent-tokens.css';

// Our own properties are in kebab case, Fluent's in camel case.
const tokenUse = /var\(--([a-z]+[A-Z]\w*)\)/g;

/** Fluent's design tokens as CSS, light and dark: those that the style sheets under `folder` use, no others. */
export function fluentTokens(folder: string): Plugin {
  return {
    name: 'fluent-tokens',
    resolveId: id => (id === name ? '\0' + name : undefined),
    load: id => (id === '\0' + name ? css(used(folder)) : undefined),
  };
}

function used(folder: string): string[] {
  const sheets = readdirSync(folder, { recursive: true }).map(String).filter(file => file.endsWith('.css'));
  const uses = sheets.flatMap(file => [...readFileSync(join(folder, file), 'utf8').matchAll(tokenUse)].map(use => use[1] ?? ''));
  return [...new Set(uses)].sort();
}

function css(tokens: string[]): string {
  const unknown = tokens.filter(token => !(token in webLightTheme));
  if (unknown.length > 0) {
    throw new Error(`Not tokens of Fluent: ${unknown.join(', ')}`);
  }

  const themed = tokens.filter(token => valueOf(webLightTheme, token) !== valueOf(webDarkTheme, token));
  const light = declarations(tokens, webLightTheme);
  const dark = declarations(themed, webDarkTheme);
  return `:root { color-scheme: light; ${light} }
:root[data-theme="dark"] { color-scheme: dark; ${dark} }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { color-scheme: dark; ${dark} } }`;
}

const declarations = (tokens: string[], theme: Theme) => tokens.map(token => `--${token}: ${valueOf(theme, token)};`).join(' ');

const valueOf = (theme: Theme, token: string) => theme[token as keyof Theme];
