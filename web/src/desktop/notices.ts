import { part, type Words } from './words';

/** What the gateway tells a page beside the picture, in text messages of the same WebSocket: docs/remote-screen.md. */
export interface Notice {
  notice: string;
  why?: string;
  seconds?: number;
  by?: string;
  id?: string;
}

const readingMs = 12_000;

/** Takes notices out of a socket, before whoever else listens to it sees them. To be called before anybody else listens. */
export function listen(socket: WebSocket, told: (notice: Notice) => void): void {
  socket.addEventListener('message', event => {
    if (typeof event.data === 'string' && event.data.startsWith('{')) {
      event.stopImmediatePropagation();
      told(JSON.parse(event.data) as Notice);
    }
  });
}

/** The line of words over the screen and the marks that stay: an end that comes near, a recording, somebody who watches. */
export class Notices {
  private readonly line: HTMLElement;
  private readonly text: HTMLElement;
  private readonly hide: HTMLButtonElement;
  private readonly accept: HTMLButtonElement;
  private readonly refuse: HTMLButtonElement;
  private readonly recorded: HTMLElement;
  private readonly watched: HTMLElement;
  private timer: number | undefined;
  private endsAt = 0;
  private why = '';
  private watch: string | undefined;

  constructor(page: HTMLElement, private readonly words: Words, private readonly form: string, private readonly backToScreen: () => void) {
    this.line = part(page, 'notice');
    this.text = part(page, 'notice-text');
    this.hide = part<HTMLButtonElement>(page, 'notice-hide');
    this.accept = part<HTMLButtonElement>(page, 'watch-accept');
    this.refuse = part<HTMLButtonElement>(page, 'watch-refuse');
    this.recorded = part(page, 'recorded');
    this.watched = part(page, 'watched');
    this.hide.addEventListener('click', () => this.away());
    this.accept.addEventListener('click', () => this.answer(true));
    this.refuse.addEventListener('click', () => this.answer(false));
    part(page, 'watch-stop').addEventListener('click', () => this.answer(false));
  }

  told(notice: Notice): void {
    switch (notice.notice) {
      case 'ends':
        this.endsAt = Date.now() + (notice.seconds ?? 0) * 1000;
        this.why = notice.why ?? 'time';
        this.countDown();
        break;
      case 'goes-on':
        this.clear();
        break;
      case 'recorded':
        this.recorded.hidden = false;
        this.say(this.words.of('notice.recorded'));
        this.timer = window.setTimeout(() => this.clear(), readingMs);
        break;
      case 'not-recorded':
        this.recorded.hidden = true;
        break;
      case 'watch-asked':
        this.watch = notice.id;
        this.say(this.words.of('watch.asked', notice.by ?? ''), true);
        break;
      case 'watched':
        this.watch = notice.id;
        this.clear();
        part(this.watched, 'watched-by').textContent = this.words.of('mark.watched', notice.by ?? '');
        this.watched.hidden = false;
        break;
      case 'watch-over':
        this.watch = undefined;
        this.watched.hidden = true;
        this.clear();
        break;
      default:
        // A newer server's: nothing that this page knows to show.
        break;
    }
  }

  /** The connection is gone, and what was said of it with it. */
  disconnected(): void {
    this.watch = undefined;
    this.recorded.hidden = true;
    this.watched.hidden = true;
    this.clear();
  }

  dispose(): void {
    window.clearTimeout(this.timer);
  }

  private countDown(): void {
    const minutes = Math.max(1, Math.ceil((this.endsAt - Date.now()) / 60_000));
    this.say(this.words.of(`notice.${this.why}`, minutes));
    this.timer = window.setTimeout(() => this.countDown(), 30_000);
  }

  private say(words: string, asks = false): void {
    window.clearTimeout(this.timer);
    // Only what changes is written, so that a screen reader says each thing once.
    if (this.text.textContent !== words) {
      this.text.textContent = words;
    }

    this.accept.hidden = this.refuse.hidden = !asks;
    this.hide.hidden = asks;
    this.line.dataset.shown = '';
    if (asks) {
      this.refuse.focus();
    }
  }

  private clear(): void {
    window.clearTimeout(this.timer);
    this.text.textContent = '';
    delete this.line.dataset.shown;
  }

  private away(): void {
    this.clear();
    this.backToScreen();
  }

  private answer(accepted: boolean): void {
    const watch = this.watch;
    this.away();
    if (watch) {
      void fetch(`/api/gateway/watches/${watch}/answer`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', RequestVerificationToken: this.form },
        body: JSON.stringify({ accepted }),
        redirect: 'error',
      });
    }
  }
}
