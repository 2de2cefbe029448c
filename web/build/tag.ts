import { readFileSync } from 'node:fs';
import { transformWithEsbuild, type Plugin } from 'vite';

/** Writes relais.js, the tag for other sites: one plain script under a name that never changes, for browsers of the last years. */
export function tag(source: string): Plugin {
  return {
    name: 'tag',
    async generateBundle() {
      const made = await transformWithEsbuild(readFileSync(source, 'utf8'), source, { format: 'iife', minify: true, target: 'es2020', sourcemap: false });
      this.emitFile({ type: 'asset', fileName: 'relais.js', source: made.code });
    },
  };
}
