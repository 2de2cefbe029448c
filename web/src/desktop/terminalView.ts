import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import { ConsoleSocket } from './consoleSocket';
import type { SocketEnd } from './gatewaySocket';
import { Keyboard } from './keyboard';
import type { Opened } from './openDesktop';
import { PasteGuard } from './pasteGuard';
import type { Page, View } from './view';

// Frames of what the page sends: docs/ssh.md.
const inputFrame = 0;
const sizeFrame = 1;
const shownFrame = 2;
const payloadLimit = 16 * 1024;

// The gateway sends at most 256 KiB ahead of what is shown.
const shownEvery = 64 * 1024;

export function createTerminal(page: Page, name: string, opened: Opened): Promise<View> {
  return Promise.resolve(new TerminalView(page, name, opened));
}

/** A shell by SSH, which the gateway speaks: here are only characters. */
class TerminalView implements View {
  private readonly terminal = new Terminal({
    cursorBlink: true,
    fontFamily: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace',
    fontSize: 15,
    scrollback: 5000,
    screenReaderMode: false,
  });

  private readonly fit = new FitAddon();
  private readonly socket: ConsoleSocket;
  private readonly parts: { dispose(): void }[];
  private shown = 0;

  constructor(page: Page, name: string, opened: Opened) {
    const box = document.createElement('div');
    box.className = 'remote-terminal';
    page.place.replaceChildren(box);
    this.terminal.loadAddon(this.fit);
    this.terminal.open(box);
    this.fit.fit();
    const textarea = this.terminal.textarea;
    textarea?.setAttribute('aria-label', name);

    this.socket = ConsoleSocket.open(opened, () => page.closing(), notice => page.told(notice));
    const observer = new ResizeObserver(() => this.fit.fit());
    observer.observe(page.place);
    this.parts = [
      { dispose: () => observer.disconnect() },
      this.terminal.onData(text => this.input(new TextEncoder().encode(text))),
      // Mouse reports of old programs, which are bytes and no characters.
      this.terminal.onBinary(text => this.input(Uint8Array.from(text, character => character.charCodeAt(0)))),
      this.terminal.onResize(({ cols, rows }) => this.send(sizeFrame, numbers(cols << 16 | rows))),
      new PasteGuard(page, box, this.terminal, opened.clipboard),
      ...(textarea ? [new Keyboard(textarea, () => page.toolbar())] : []),
    ];
  }

  async connect(opened: Opened): Promise<void> {
    await this.socket.enter({ token: opened.token, columns: this.terminal.cols, rows: this.terminal.rows });
    this.socket.socket.onmessage = event => this.receive(event.data as ArrayBuffer);
    // The page may have changed meanwhile.
    this.send(sizeFrame, numbers(this.terminal.cols << 16 | this.terminal.rows));
  }

  run(): Promise<void> {
    return this.socket.over();
  }

  show(): void {
    this.fit.fit();
    this.focus();
  }

  focus(): void {
    this.terminal.focus();
  }

  // What was written stays readable under the overlay.
  copyTo(): boolean {
    return false;
  }

  // Characters alone: colours would not be told apart in a small picture.
  paint(to: HTMLCanvasElement): boolean {
    const [buffer, { cols, rows }, width, height] = [this.terminal.buffer.active, this.terminal, 8, 16];
    [to.width, to.height] = [cols * width, rows * height];
    const context = to.getContext('2d');
    if (!context) {
      return false;
    }

    context.fillStyle = '#000';
    context.fillRect(0, 0, to.width, to.height);
    context.fillStyle = '#fff';
    context.font = '13px "DejaVu Sans Mono", Menlo, Consolas, monospace';
    context.textBaseline = 'middle';
    for (let row = 0; row < rows; row++) {
      context.fillText(buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? '', 0, (row + 0.5) * height);
    }

    return true;
  }

  cut(): void {
    this.socket.cut();
  }

  ended(patienceMs: number): Promise<SocketEnd | undefined> {
    return this.socket.ended(patienceMs);
  }

  dispose(): void {
    this.parts.forEach(part => part.dispose());
    this.socket.close();
    this.terminal.dispose();
  }

  private receive(data: ArrayBuffer): void {
    this.terminal.write(new Uint8Array(data), () => {
      this.shown += data.byteLength;
      if (this.shown >= shownEvery) {
        this.send(shownFrame, numbers(this.shown));
        this.shown = 0;
      }
    });
  }

  private input(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += payloadLimit) {
      this.send(inputFrame, bytes.subarray(from, from + payloadLimit));
    }
  }

  private send(kind: number, payload: Uint8Array): void {
    if (this.socket.socket.readyState === WebSocket.OPEN) {
      this.socket.socket.send(new Uint8Array([kind, payload.length >> 8, payload.length & 0xff, ...payload]));
    }
  }
}

function numbers(value: number): Uint8Array {
  return new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value]);
}
