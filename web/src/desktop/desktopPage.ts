import { Clipboard } from './clipboard';
import { endings, GatewaySocket } from './gatewaySocket';
import { Keyboard } from './keyboard';
import { openDesktop, Refused, Unreachable, wait, type Opened } from './openDesktop';
import { Overlay } from './overlay';
import { Quality } from './quality';
import { prepare, Screen } from './screen';
import { Toolbar } from './toolbar';
import { part, Words } from './words';

const backOffMs = [0, 500, 1000, 2000, 4000, 8000];
const giveUpAfterMs = 10 * 60_000;
const normalClosure = 1000;

// Refusals that are an ending like those of the gateway's close codes.
const refusals: Record<string, string> = {
  'urn:relais:desktop-elsewhere': 'moved',
  'urn:relais:signed-out': 'signedOut',
};

type Outcome = { ending: string; detail?: string | undefined; reference?: string | undefined } | 'cut';

/** The page of a remote desktop, from "opening" to its end, through as many cuts of the network as there may be. */
export class DesktopPage {
  private readonly stop = new AbortController();
  private readonly words: Words;
  private readonly overlay: Overlay;
  private readonly toolbar: Toolbar;
  private readonly socket: GatewaySocket;
  private readonly place: HTMLElement;
  private readonly still: HTMLCanvasElement;
  private screen: Screen | undefined;
  private running = false;
  private shown = false;
  private resizing = false;
  private online: () => void = () => undefined;

  constructor(private readonly page: HTMLElement) {
    this.words = new Words(part(page, 'texts'));
    this.place = part(page, 'place');
    this.still = part<HTMLCanvasElement>(page, 'still');
    this.overlay = new Overlay(page, this.words, () => void this.start());
    this.toolbar = new Toolbar(page, this.words, () => this.screen?.focus());
    this.socket = new GatewaySocket(() => this.keepFrame());
    window.addEventListener('offline', this.networkLost);
    window.addEventListener('online', this.networkBack);
  }

  /** Opens the desktop here, taking it from another device if need be, and keeps it open. */
  async start(): Promise<void> {
    if (this.running) {
      return;
    }

    this.running = true;
    try {
      await this.keepOpen();
    } catch (error) {
      if (!this.stop.signal.aborted) {
        console.error(error);
        this.end({ ending: 'failed' });
      }
    } finally {
      this.running = false;
    }
  }

  private resume: string | undefined;

  dispose(): void {
    this.stop.abort(new DOMException('The page was left', 'AbortError'));
    window.removeEventListener('offline', this.networkLost);
    window.removeEventListener('online', this.networkBack);
    this.socket.dispose();
    this.overlay.dispose();
    this.toolbar.dispose();
    this.screen?.dispose();
  }

  private async keepOpen(): Promise<void> {
    let attempt = 0;
    let cutAt: number | undefined;
    this.shown = false;
    this.working('opening');
    void prepare();
    for (;;) {
      const outcome = await this.once(cutAt === undefined, () => {
        attempt = 0;
        cutAt = undefined;
      });
      if (outcome !== 'cut') {
        this.end(outcome);
        return;
      }

      cutAt ??= Date.now();
      if (Date.now() - cutAt > giveUpAfterMs) {
        this.end({ ending: 'unreachable' });
        return;
      }

      // A new size takes under a second: the picture stays meanwhile, and words would only flash.
      if (!this.resizing || attempt > 0) {
        this.working(this.resizing ? 'resizing' : this.shown ? 'interrupted' : 'unanswered');
      }

      await this.pause(backOffMs[Math.min(attempt, backOffMs.length - 1)] ?? 0);
      attempt += 1;
    }
  }

  /** One connection, from asking to its end. A cut is worth another try; everything else is an ending. */
  private async once(first: boolean, connected: () => void): Promise<Outcome> {
    let opened: Opened;
    try {
      opened = await openDesktop(this.page.dataset.open ?? '', this.page.dataset.form ?? '', first, this.resume, opening => {
        this.working(this.words.find(`${opening.state}.title`) ? opening.state : 'opening', opening);
      }, this.stop.signal);
    } catch (error) {
      if (error instanceof Refused) {
        const { type, detail, reference } = error.refusal;
        const ending = refusals[type];
        return ending ? { ending } : { ending: 'refused', detail, reference };
      }

      if (error instanceof Unreachable) {
        return 'cut';
      }

      throw error;
    }

    this.resume = opened.session;
    if (first) {
      this.working('connecting');
    }

    return this.session(opened, connected);
  }

  private async session(opened: Opened, connected: () => void): Promise<Outcome> {
    this.screen?.dispose();
    const screen = await Screen.create(this.place, opened.desktopName);
    this.screen = screen;
    const clipboard = new Clipboard(screen.element, screen.ui, opened.clipboard, () => this.toolbar.clipboardChanged());
    screen.stuck = () => {
      this.resizing = true;
      this.socket.cut();
    };
    const parts: { dispose(): void }[] = [clipboard, new Keyboard(screen.element, () => this.toolbar.take())];
    try {
      const session = await screen.connect(opened);
      connected();
      this.shown = true;
      this.resizing = false;
      document.title = `${opened.desktopName} · Relais`;
      screen.show();
      this.still.hidden = true;
      this.overlay.hide();
      this.toolbar.connected(opened.desktopName, screen.ui, clipboard, opened.clipboard);
      parts.push(new Quality(this.page, this.words));
      await session.run();
      return await this.outcome(true);
    } catch (error) {
      // IronRDP's errors are objects of WebAssembly; what they say is for the console, the close code is for the person.
      console.warn('Remote desktop:', (error as { backtrace?(): string }).backtrace?.() ?? error);
      return await this.outcome(false);
    } finally {
      parts.forEach(each => each.dispose());
      screen.ended();
      this.toolbar.disconnected();
    }
  }

  private async outcome(orderly: boolean): Promise<Outcome> {
    if (this.resizing) {
      return 'cut';
    }

    const end = await this.socket.ended(1000);
    const ending = end && endings[end.code];
    if (ending) {
      return { ending, reference: end.reason || undefined };
    }

    // The desktop itself said goodbye: somebody signed out inside it.
    return orderly && (end === undefined || end.code === normalClosure) ? { ending: 'closed' } : 'cut';
  }

  private working(name: string, opening?: Parameters<Overlay['working']>[1]): void {
    document.title = `${this.words.of(`${name}.title`)} · Relais`;
    this.overlay.working(name, opening);
  }

  private end({ ending, detail, reference }: Exclude<Outcome, 'cut'>): void {
    document.title = `${this.words.of(`${ending}.title`)} · Relais`;
    this.overlay.ended(ending, detail, reference);
  }

  private keepFrame(): void {
    if (this.screen?.copyTo(this.still)) {
      this.still.hidden = false;
    }
  }

  /** Waits, but no longer than until the browser says that the network is back. */
  private pause(milliseconds: number): Promise<void> {
    const back = new Promise<void>(resolve => (this.online = resolve));
    return Promise.race([wait(milliseconds, this.stop.signal), back]);
  }

  private readonly networkLost = () => this.socket.cut();

  private readonly networkBack = () => this.online();
}
