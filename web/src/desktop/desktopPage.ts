import { Files } from './files';
import { endings } from './gatewaySocket';
import { Notices } from './notices';
import { openDesktop, Refused, Unreachable, wait, type Opened, type Wish } from './openDesktop';
import { Overlay } from './overlay';
import { Pictures } from './pictures';
import { Prints } from './prints';
import { Quality } from './quality';
import { Toolbar } from './toolbar';
import { clientOf, load, type Page, type View } from './view';
import { Watermark } from './watermark';
import { part, Words } from './words';

const backOffMs = [0, 500, 1000, 2000, 4000, 8000];
const giveUpAfterMs = 10 * 60_000;
const normalClosure = 1000;

// Refusals that are an ending like those of the gateway's close codes.
const refusals: Record<string, string> = {
  'urn:relais:desktop-elsewhere': 'moved',
  'urn:relais:signed-out': 'signedOut',
  'urn:relais:workstation-occupied': 'occupied',
};

type Outcome = { ending: string; detail?: string | undefined; reference?: string | undefined } | 'cut';

/** The page of a remote desktop, screen or terminal, from "opening" to its end, through as many cuts of the network as there may be. */
export class DesktopPage {
  private readonly stop = new AbortController();
  private readonly words: Words;
  private readonly overlay: Overlay;
  private readonly toolbar: Toolbar;
  private readonly notices: Notices;
  private readonly pictures: Pictures;
  private readonly files: Files | undefined;
  private readonly prints: Prints | undefined;
  private readonly watermark: Watermark;
  private readonly place: HTMLElement;
  private readonly still: HTMLCanvasElement;
  private view: View | undefined;
  private running = false;
  private shown = false;
  private answered = false;
  private resizing = false;
  private online: () => void = () => undefined;

  constructor(private readonly page: HTMLElement) {
    this.words = new Words(part(page, 'texts'));
    this.place = part(page, 'place');
    this.still = part<HTMLCanvasElement>(page, 'still');
    this.overlay = new Overlay(page, this.words, () => void this.start());
    this.toolbar = new Toolbar(page, this.words, () => this.view?.focus());
    this.notices = new Notices(page, this.words, page.dataset.form ?? '', () => this.view?.focus());
    this.pictures = new Pictures(page.dataset.form ?? '', () => this.view, () => this.resume);
    this.files = page.dataset.files
      ? new Files(page, this.words, page.dataset.files, page.dataset.form ?? '', () => this.view?.focus())
      : undefined;
    this.prints = page.dataset.prints ? new Prints(page, this.words, page.dataset.prints, () => this.view?.focus()) : undefined;
    this.watermark = new Watermark(page);
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
  // The person knows that somebody else has it: to ask once more is to take it.
  private occupied = false;

  private wish(first: boolean): Wish {
    return { takeOver: first, displace: first && this.occupied, resume: this.resume };
  }

  dispose(): void {
    this.stop.abort(new DOMException('The page was left', 'AbortError'));
    window.removeEventListener('offline', this.networkLost);
    window.removeEventListener('online', this.networkBack);
    this.overlay.dispose();
    this.toolbar.dispose();
    this.notices.dispose();
    this.pictures.stop();
    this.files?.dispose();
    this.prints?.dispose();
    this.watermark.hide();
    this.view?.dispose();
  }

  private async keepOpen(): Promise<void> {
    let attempt = 0;
    let cutAt: number | undefined;
    this.shown = false;
    this.answered = false;
    this.working('opening');
    // Its code is there when the target is.
    void load(this.page.dataset.client ?? '');
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
        this.working(this.resizing ? 'resizing' : this.shown ? 'interrupted' : this.answered ? 'silent' : 'unanswered');
      }

      await this.pause(backOffMs[Math.min(attempt, backOffMs.length - 1)] ?? 0);
      attempt += 1;
    }
  }

  /** One connection, from asking to its end. A cut is worth another try; everything else is an ending. */
  private async once(first: boolean, connected: () => void): Promise<Outcome> {
    let opened: Opened;
    try {
      opened = await openDesktop(this.page.dataset.open ?? '', this.page.dataset.form ?? '', this.wish(first), opening => {
        this.working(this.words.find(`${opening.state}.title`) ? opening.state : 'opening', opening);
      }, this.stop.signal);
    } catch (error) {
      if (error instanceof Refused) {
        const { type, detail, reference } = error.refusal;
        const ending = refusals[type];
        if (type === 'urn:relais:second-factor-wanted') {
          location.assign(`/account/second-factor?returnUrl=${encodeURIComponent(location.pathname + location.search)}`);
        }

        this.occupied = ending === 'occupied';
        return ending ? { ending, detail: this.occupied ? detail : undefined } : { ending: 'refused', detail, reference };
      }

      if (error instanceof Unreachable) {
        this.answered = false;
        return 'cut';
      }

      throw error;
    }

    this.occupied = false;
    this.resume = opened.session;
    // From here on it is the target that does not answer, and no longer the server.
    this.answered = true;
    if (first) {
      this.working('connecting');
    }

    return this.session(opened, connected);
  }

  private async session(opened: Opened, connected: () => void): Promise<Outcome> {
    const create = await load(clientOf(opened));
    this.view?.dispose();
    const view = await create(this.forView(), opened.desktopName, opened);
    this.view = view;
    let quality: Quality | undefined;
    try {
      // Before the first picture, and kept over the last one.
      this.watermark.show(opened.watermark ?? undefined);
      await view.connect(opened);
      connected();
      this.shown = true;
      this.resizing = false;
      document.title = `${opened.desktopName} · Relais`;
      this.still.hidden = true;
      this.overlay.hide();
      view.show();
      this.files?.connected(opened.files ?? undefined);
      this.prints?.connected(opened.prints ?? false);
      this.toolbar.connected(opened.desktopName, view, opened.clipboard);
      quality = new Quality(this.page, this.words);
      await view.run();
      return await this.outcome(view, true);
    } catch (error) {
      // IronRDP's errors are objects of WebAssembly; what they say is for the console, the close code is for the person.
      console.warn('Remote desktop:', (error as { backtrace?(): string }).backtrace?.() ?? error);
      return await this.outcome(view, false);
    } finally {
      quality?.dispose();
      this.toolbar.disconnected();
      this.notices.disconnected();
      this.prints?.disconnected();
      this.pictures.stop();
    }
  }

  private forView(): Page {
    return {
      root: this.page,
      place: this.place,
      text: (name, ...values) => this.words.of(name, ...values),
      toolbar: () => this.toolbar.take(),
      copyChanged: () => this.toolbar.clipboardChanged(),
      told: notice => {
        this.notices.told(notice);
        this.pictures.told(notice);
      },
      closing: () => this.keepFrame(),
      reconnect: () => {
        this.resizing = true;
        this.view?.cut();
      },
    };
  }

  private async outcome(view: View, orderly: boolean): Promise<Outcome> {
    if (this.resizing) {
      return 'cut';
    }

    const end = await view.ended(1000);
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
    if (this.view?.copyTo(this.still)) {
      this.still.hidden = false;
    }
  }

  /** Waits, but no longer than until the browser says that the network is back. */
  private pause(milliseconds: number): Promise<void> {
    const back = new Promise<void>(resolve => (this.online = resolve));
    return Promise.race([wait(milliseconds, this.stop.signal), back]);
  }

  private readonly networkLost = () => this.view?.cut();

  private readonly networkBack = () => this.online();
}
