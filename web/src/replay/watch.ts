import { part, Words } from '../desktop/words';
import { chunkOf, pictureKind, shownKind, type Chunk } from './recording';
import { loadStage, type Stage } from './stage';
import { pictureFrames } from './wholePicture';

// Close codes of /gateway/watch: docs/remote-screen.md.
const endings: Record<number, string> = { 4020: 'refused', 4021: 'unanswered', 4022: 'notHere', 1008: 'notHere' };

async function feed(stage: Stage, chunk: Chunk): Promise<void> {
  if (chunk.kind !== pictureKind) {
    stage.feed(chunk);
    return;
  }

  for await (const payload of pictureFrames(chunk.payload)) {
    stage.feed({ kind: shownKind, at: 0, payload });
  }
}

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
    const show = await this.loadView();
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
      // In the same turn: nothing that comes from now on may be missed.
      this.stage = show(socket);
    };
  }

  // noVNC takes the socket as it is; the others are shown what a recording would hold.
  private async loadView(): Promise<(socket: WebSocket) => Pick<Stage, 'dispose'>> {
    const client = this.root.dataset.client ?? '';
    if (client === 'vnc') {
      const { default: RFB } = await import('@novnc/novnc');
      return socket => {
        const rfb = new RFB(this.place, socket, { shared: true });
        rfb.viewOnly = true;
        rfb.scaleViewport = true;
        return { dispose: () => rfb.disconnect() };
      };
    }

    const create = await loadStage(client);
    return socket => {
      const stage = create(this.place, { clipboard: this.root.dataset.clipboard === 'open' });
      // One after the other: a picture takes a moment to be read, and what follows is drawn over it.
      let before = Promise.resolve();
      socket.onmessage = event => (before = before.then(() => feed(stage, chunkOf(event.data as ArrayBuffer))));
      return stage;
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
