import type { SocketEnd } from './gatewaySocket';
import type { Notice } from './notices';
import type { Opened } from './openDesktop';

/** What shows a target in the page: IronRDP, noVNC or a terminal. One for each connection. */
export interface View {
  /** Connects, and resolves once there is something to show. */
  connect(opened: Opened): Promise<void>;
  /** Resolves when the target says goodbye, rejects when the connection breaks. */
  run(): Promise<void>;
  show(): void;
  focus(): void;
  /** Copies what is on the screen, for when there will be nothing; false where that is not needed. */
  copyTo(still: HTMLCanvasElement): boolean;
  /** Draws what is shown, where there is no picture that could be copied. */
  paint?(to: HTMLCanvasElement): boolean;
  /** Ends the connection and not the session. */
  cut(): void;
  /** How the connection ended, if the gateway said so by then. */
  ended(patienceMs: number): Promise<SocketEnd | undefined>;
  dispose(): void;
  /** What the toolbar may ask of it; undefined where there is no such thing. */
  readonly ctrlAltDel?: () => void;
  readonly copy?: Copy | undefined;
}

/** Something was copied over there, and the browser wants a click before it may come out. */
export interface Copy {
  readonly waiting: boolean;
  takeOut(): Promise<void>;
}

/** What a view needs of the page. */
export interface Page {
  readonly root: HTMLElement;
  readonly place: HTMLElement;
  text(name: string, ...values: (string | number)[]): string;
  /** Gives the keyboard to the toolbar. */
  toolbar(): void;
  copyChanged(): void;
  /** The gateway says something beside the picture. */
  told(notice: Notice): void;
  /** The last frame is about to go. */
  closing(): void;
  /** The target follows a new size only in a new connection. */
  reconnect(): void;
}

/** Loads the client that the gateway's path names. Early, where the page says which one it will be. */
export async function load(client: string): Promise<(page: Page, name: string, opened: Opened) => Promise<View>> {
  switch (client) {
    case 'vnc':
      return (await import('./vncView')).createVnc;
    case 'ssh':
      return (await import('./terminalView')).createTerminal;
    default: {
      const rdp = await import('./rdpView');
      await rdp.prepare();
      return rdp.createRdp;
    }
  }
}

/** "/gateway/vnc" is noVNC's. */
export const clientOf = (opened: Opened) => opened.gateway.replace(/^\/gateway\//, '');
