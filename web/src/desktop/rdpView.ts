import type { NewSessionInfo } from '@devolutions/iron-remote-desktop';
import { Clipboard } from './clipboard';
import { GatewaySocket, type SocketEnd } from './gatewaySocket';
import { Keyboard } from './keyboard';
import type { Opened } from './openDesktop';
import { Screen } from './screen';
import type { Page, View } from './view';

export { prepare } from './screen';

export async function createRdp(page: Page, name: string, opened: Opened): Promise<View> {
  const socket = new GatewaySocket(() => page.closing(), notice => page.told(notice));
  try {
    return new RdpView(page, socket, await Screen.create(page.place, name), opened);
  } catch (error) {
    socket.dispose();
    throw error;
  }
}

/** A desktop by RDP. */
class RdpView implements View {
  readonly copy: Clipboard;
  private readonly keyboard: Keyboard;
  private session: NewSessionInfo | undefined;

  constructor(page: Page, private readonly socket: GatewaySocket, private readonly screen: Screen, opened: Opened) {
    this.copy = new Clipboard(screen.element, screen.ui, opened.clipboard, () => page.copyChanged());
    this.keyboard = new Keyboard(screen.element, () => page.toolbar());
    screen.stuck = () => page.reconnect();
  }

  async connect(opened: Opened): Promise<void> {
    this.session = await this.screen.connect(opened);
  }

  async run(): Promise<void> {
    try {
      await this.session?.run();
    } finally {
      this.screen.ended();
    }
  }

  readonly ctrlAltDel = () => this.screen.ui.ctrlAltDel();

  show(): void {
    this.screen.show();
  }

  focus(): void {
    this.screen.focus();
  }

  copyTo(still: HTMLCanvasElement): boolean {
    return this.screen.copyTo(still);
  }

  cut(): void {
    this.socket.cut();
  }

  ended(patienceMs: number): Promise<SocketEnd | undefined> {
    return this.socket.ended(patienceMs);
  }

  dispose(): void {
    this.copy.dispose();
    this.keyboard.dispose();
    this.socket.dispose();
    this.screen.dispose();
  }
}
