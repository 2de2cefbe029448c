import '@devolutions/iron-remote-desktop';
import type { UserInteraction } from '@devolutions/iron-remote-desktop';
import { Backend, displayControl, enableCredssp, init } from '@devolutions/iron-remote-desktop-rdp';
import { drawable } from './bitmaps';
import { shownKind, type Chunk, type Facts } from './recording';
import { RecordedSocket } from './recordedSocket';
import type { Stage } from './stage';

let ready: Promise<void> | undefined;

// IronRDP's "fit" measures the window and not its own place, of which the lower edge would be cut off: here the picture fills the place, in its shape.
const inPlace = new CSSStyleSheet();
inPlace.replaceSync(`
  div { width: 100% !important; height: 100% !important; min-width: 0 !important; min-height: 0 !important; max-width: 100% !important; max-height: 100% !important; }
  canvas { width: 100% !important; height: 100% !important; object-fit: contain; }`);

/**
 * RDP inside TLS has no secret that a client would check: IronRDP goes through the start-up again with the answers that were recorded, and
 * then draws the pictures. It opens its WebSocket inside WebAssembly, so a recorded one stands in the constructor's place meanwhile.
 */
export function createRdpStage(place: HTMLElement, facts: Facts): Stage {
  return new RdpStage(place, facts);
}

class RdpStage implements Stage {
  private readonly waiting: Uint8Array[] = [];
  private socket: RecordedSocket | undefined;
  private over = false;

  constructor(private readonly place: HTMLElement, private readonly facts: Facts) {
    void this.start().catch((error: unknown) => console.warn('Replay:', (error as { backtrace?(): string }).backtrace?.() ?? error));
  }

  feed({ kind, payload }: Chunk): void {
    if (kind !== shownKind) {
      return;
    }

    for (const bytes of drawable(payload)) {
      if (this.socket) {
        this.socket.feed(bytes);
      } else {
        this.waiting.push(bytes);
      }
    }
  }

  dispose(): void {
    this.over = true;
    this.socket?.close();
    this.place.replaceChildren();
  }

  private async start(): Promise<void> {
    ready ??= init('WARN');
    await ready;
    const element = document.createElement('iron-remote-desktop');
    element.setAttribute('scale', 'fit');
    element.setAttribute('flexcenter', 'true');
    Object.assign(element, { module: Backend });
    const ui = await new Promise<UserInteraction>(resolve => {
      element.addEventListener('ready', event => {
        const { irgUserInteraction } = (event as CustomEvent<{ irgUserInteraction: UserInteraction }>).detail;
        irgUserInteraction.setEnableAutoClipboard(false);
        // The recorded answers count the channels of the client that was there: this one must have the same.
        irgUserInteraction.setEnableClipboard(this.facts.clipboard === true);
        resolve(irgUserInteraction);
      }, { once: true });
      this.place.replaceChildren(element);
    });
    element.shadowRoot?.adoptedStyleSheets.push(inPlace);
    await new Promise(resolve => window.setTimeout(resolve, 300));
    if (this.over) {
      return;
    }

    const original = window.WebSocket;
    const made = (socket: RecordedSocket) => this.connected(socket);
    window.WebSocket = class extends RecordedSocket {
      constructor(url: string | URL) {
        super(String(url));
        window.WebSocket = original;
        made(this);
      }
    } as unknown as typeof WebSocket;
    const config = ui.configBuilder()
      .withDestination('desktop').withUsername('relais').withPassword('relais').withServerDomain('')
      .withProxyAddress(new URL('/replay', location.href.replace(/^http/, 'ws')).href).withAuthToken('replay')
      .withDesktopSize({ width: 1280, height: 800 })
      .withExtension(displayControl(false)).withExtension(enableCredssp(false))
      .build();
    try {
      const session = await ui.connect(config);
      ui.setVisibility(true);
      await session.run();
    } finally {
      window.WebSocket = original;
    }
  }

  private connected(socket: RecordedSocket): void {
    // As a real one: open a moment after it was made, so that whoever made it listens by then.
    socket.readyState = RecordedSocket.CONNECTING;
    window.setTimeout(() => {
      socket.readyState = RecordedSocket.OPEN;
      this.socket = socket;
      socket.opened();
      this.waiting.splice(0).forEach(bytes => socket.feed(bytes));
    }, 0);
  }
}
