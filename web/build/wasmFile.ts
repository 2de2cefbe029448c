import type { Plugin } from 'vite';

const inlined = /"data:application\/wasm;base64,([A-Za-z0-9+/=]+)"/;

/**
 * IronRDP carries its WebAssembly as base64 in the script. As a file it is a quarter smaller, is compiled while it
 * arrives, and its compiled form is cached by the browser.
 */
export function wasmFile(): Plugin {
  return {
    name: 'wasm-file',
    apply: 'build',
    transform(code, id) {
      const found = id.includes('iron-remote-desktop-rdp') ? inlined.exec(code) : null;
      if (!found?.[1]) {
        return undefined;
      }

      const file = this.emitFile({ type: 'asset', name: 'iron-remote-desktop.wasm', source: Buffer.from(found[1], 'base64') });
      return { code: code.replace(found[0], () => `import.meta.ROLLUP_FILE_URL_${file}`), map: null };
    },
  };
}
