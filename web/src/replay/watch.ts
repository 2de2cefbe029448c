import { part, Words } from '../desktop/words';
import { chunkOf } from './recording';
import type { Stage } from './stage';

// Close codes of /gateway/watch: docs/remote-screen.md.
const endings: Record<number, string> = { 4020: 'refused', 4021: 'unanswered', 4022: 'notHere', 1008: 'notHere' };

/** Somebody else's session, live: waits for their answer, and shows what they see. */
export class Watch {
  private readonly words: Words;
  private readonly place: HTMLElement;
  private readonly status: HTMLElement;
  private socket: WebSocket | undefined;
  private stage: Pick<Stage, 'dispose'> | undefined;

  constructor(private readonly root: HTMLElement) {
    this.words = new Words(part(root, 'texts'));
    this.place = part(root, 'place');
    this.status = part(root, 'status');
  }

  async start(): Promise<void> {
    const screen = this.root.dataset.client === 'vnc';
    const code = screen ? await import('@novnc/novnc') : await import('./terminalStage');
    const address = new URL('/gateway/watch', location.href);
    address.protocol = 'wss:';
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => socket.send(JSON.stringify({ token: this.root.dataset.watch }));
    socket.addEventListener('close', event => this.say(endings[event.code] ?? 'over'));
    socket.onmessage = () => {
      socket.onmessage = null;
      this.say('shown');
      if ('default' in code) {
        // In the same turn: noVNC takes the place of the socket's listeners.
        const rfb = new code.default(this.place, socket, { shared: true });
        rfb.viewOnly = true;
        rfb.scaleViewport = true;
        this.stage = { dispose: () => rfb.disconnect() };
      } else {
        const stage = code.createTerminalStage(this.place);
        this.stage = stage;
        socket.onmessage = event => stage.feed(chunkOf(event.data as ArrayBuffer));
      }
    };
  }

  dispose(): void {
    this.socket?.close();
    this.stage?.dispose();
  }

  private say(name: string): void {
    this.status.textContent = this.words.of(name);
  }
}
