import '@xterm/xterm/css/xterm.css';
import { Terminal } from '@xterm/xterm';
import { shownKind, sizeKind, type Chunk } from './recording';
import type { Stage } from './stage';

export function createTerminalStage(place: HTMLElement): Stage {
  const terminal = new Terminal({
    disableStdin: true,
    fontFamily: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace',
    fontSize: 15,
    scrollback: 5000,
  });
  const box = document.createElement('div');
  box.className = 'replay-terminal';
  place.replaceChildren(box);
  terminal.open(box);
  return {
    feed: ({ kind, payload }: Chunk) => {
      if (kind === shownKind) {
        terminal.write(payload);
      } else if (kind === sizeKind && payload.length === 4) {
        const size = new DataView(payload.buffer, payload.byteOffset);
        // After what was written before it, which is taken in later.
        const [columns, rows] = [size.getUint16(0), size.getUint16(2)];
        terminal.write('', () => terminal.resize(Math.max(2, columns), Math.max(1, rows)));
      }
    },
    dispose: () => {
      terminal.dispose();
      box.remove();
    },
  };
}
