import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { defineConfig } from 'vite';
import { fluentTokens } from './build/fluentTokens';
import { precompress } from './build/precompress';
import { tag } from './build/tag';
import { wasmFile } from './build/wasmFile';

// Every file in src/entries is a module that a page may load by its name.
const entries = readdirSync('src/entries')
  .filter(file => file.endsWith('.ts'))
  .map(file => [basename(file, '.ts'), join('src/entries', file)]);

export default defineConfig({
  base: '/assets/',
  publicDir: false,
  plugins: [fluentTokens('src'), wasmFile(), tag('src/tag/relais.ts'), precompress()],
  build: {
    outDir: 'dist',
    assetsDir: '',
    manifest: 'manifest.json',
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Nothing is worth splitting further: what is large is one WebAssembly file.
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    rollupOptions: {
      input: Object.fromEntries(entries),
      // Pages call what an entry exports (mount), which the bundler would drop otherwise.
      preserveEntrySignatures: 'exports-only',
      output: {
        entryFileNames: '[name]-[hash].js',
        chunkFileNames: '[name]-[hash].js',
        assetFileNames: '[name]-[hash][extname]',
      },
    },
  },
});
