import RFB from '@novnc/novnc';
import { Clipboard, type ClipboardEnd } from './clipboard';
import { ConsoleSocket } from './consoleSocket';
import type { SocketEnd } from './gatewaySocket';
import { Keyboard } from './keyboard';
import type { Opened } from './openDesktop';
import { copyPicture } from './picture';
import type { Page, View } from './view';

const controlLeft = 0xffe3;
const letterV = 0x76;

export function createVnc(page: Page, name: string, opened: Opened): Promise<View> {
  return Promise.resolve(new VncView(page, name, ConsoleSocket.open(opened, () => page.closing(), notice => page.told(notice))));
}

/** A screen by VNC, scaled to the page where the target does not follow its size. */
class VncView implements View {
  private rfb: RFB | undefined;
  private parts: { dispose(): void }[] = [];
  private clipboard: Clipboard | undefined;

  constructor(private readonly page: Page, private readonly name: string, private readonly socket: ConsoleSocket) {}

  async connect(opened: Opened): Promise<void> {
    await this.socket.enter({ token: opened.token });
    // In the same turn: noVNC takes the place of the socket's listeners.
    const rfb = new RFB(this.page.place, this.socket.socket, { shared: true });
    this.rfb = rfb;
    rfb.scaleViewport = true;
    rfb.resizeSession = opened.resize !== 'reconnect';
    await new Promise<void>((resolve, reject) => {
      rfb.addEventListener('connect', () => resolve());
      rfb.addEventListener('disconnect', () => reject(new Error('The VNC connection ended at its beginning')));
    });

    const canvas = this.canvas;
    if (canvas) {
      canvas.setAttribute('role', 'application');
      canvas.setAttribute('aria-label', this.name);
      this.clipboard = new Clipboard(canvas, clipboardOf(rfb), opened.clipboard, () => this.page.copyChanged());
      this.parts = [this.clipboard, new Keyboard(canvas, () => this.page.toolbar())];
    }
  }

  run(): Promise<void> {
    return this.socket.over();
  }

  readonly ctrlAltDel = () => this.rfb?.sendCtrlAltDel();

  get copy(): Clipboard | undefined {
    return this.clipboard;
  }

  show(): void {
    this.focus();
  }

  focus(): void {
    this.rfb?.focus({ preventScroll: true });
  }

  copyTo(still: HTMLCanvasElement): boolean {
    return copyPicture(this.canvas, still);
  }

  cut(): void {
    this.socket.cut();
  }

  ended(patienceMs: number): Promise<SocketEnd | undefined> {
    return this.socket.ended(patienceMs);
  }

  dispose(): void {
    this.parts.forEach(part => part.dispose());
    this.rfb?.disconnect();
    this.socket.close();
    this.page.place.replaceChildren();
  }

  private get canvas(): HTMLCanvasElement | null {
    return this.page.place.querySelector('canvas');
  }
}

/** noVNC's clipboard in the shape of IronRDP's. */
function clipboardOf(rfb: RFB): ClipboardEnd {
  let copied = '';
  let sent = '';
  return {
    setEnableClipboard: () => undefined,
    onClipboardRemoteUpdateCallback: callback => rfb.addEventListener('clipboard', event => {
      copied = (event as CustomEvent<{ text: string }>).detail.text;
      callback();
    }),
    saveRemoteClipboardData: () => navigator.clipboard.writeText(copied),
    sendClipboardData: async () => {
      const text = await navigator.clipboard.readText();
      if (text !== sent) {
        sent = text;
        rfb.clipboardPasteFrom(text);
      }
    },
    ctrlV: () => {
      rfb.sendKey(controlLeft, 'ControlLeft', true);
      rfb.sendKey(letterV, 'KeyV');
      rfb.sendKey(controlLeft, 'ControlLeft', false);
    },
  };
}
