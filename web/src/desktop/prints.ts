import { reason, show } from './files';
import { part, type Words } from './words';

interface Printed {
  id: string;
  name: string;
}

const everyMs = 3000;
const seenKey = 'relais-prints';

/** Says what was printed in the desktop, and opens it where the browser prints. Asks only while the desktop is shown and looked at. */
export class Prints {
  private readonly line: HTMLElement;
  private readonly text: HTMLElement;
  private readonly open: HTMLButtonElement;
  private readonly stop = new AbortController();
  private readonly seen = new Set<string>((sessionStorage.getItem(seenKey) ?? '').split(' '));
  private timer: number | undefined;
  private ready: Printed | undefined;

  constructor(page: HTMLElement, private readonly words: Words, private readonly address: string, private readonly backToScreen: () => void) {
    this.line = part(page, 'printed');
    this.text = part(page, 'printed-text');
    this.open = part<HTMLButtonElement>(page, 'printed-open');
    this.open.addEventListener('click', () => void this.take());
    part(page, 'printed-hide').addEventListener('click', () => this.away());
    // Before the desktop's own keys, and only while there is something to open.
    window.addEventListener('keydown', event => {
      if (this.ready && event.ctrlKey && event.altKey && event.code === 'KeyP') {
        event.preventDefault();
        event.stopImmediatePropagation();
        void this.take();
      }
    }, { capture: true, signal: this.stop.signal });
  }

  connected(prints: boolean): void {
    this.disconnected();
    if (prints) {
      this.timer = window.setInterval(() => void this.ask(), everyMs);
    }
  }

  disconnected(): void {
    window.clearInterval(this.timer);
  }

  dispose(): void {
    this.disconnected();
    this.stop.abort();
  }

  private async ask(): Promise<void> {
    if (document.hidden || this.ready) {
      return;
    }

    try {
      const response = await fetch(this.address, { headers: { Accept: 'application/json' }, signal: this.stop.signal });
      if (!response.ok) {
        return;
      }

      // The oldest first: in the order in which they were printed.
      this.ready = ((await response.json()) as Printed[]).reverse().find(printed => !this.seen.has(printed.id));
      if (this.ready) {
        this.text.textContent = this.words.of('printed.ready', this.ready.name);
        this.line.dataset.shown = '';
      }
    } catch {
      // Asked again in a moment.
    }
  }

  private async take(): Promise<void> {
    const printed = this.ready;
    if (!printed || this.open.disabled) {
      return;
    }

    this.open.disabled = true;
    try {
      const response = await fetch(`${this.address}/content?id=${encodeURIComponent(printed.id)}`, { signal: this.stop.signal });
      if (!response.ok) {
        this.text.textContent = await reason(response) ?? this.words.of('files.broken');
        return;
      }

      const url = URL.createObjectURL(new Blob([await response.blob()], { type: 'application/pdf' }));
      window.setTimeout(() => URL.revokeObjectURL(url), 10 * 60_000);
      this.away();
      show(url);
    } catch {
      this.text.textContent = this.words.of('files.broken');
    } finally {
      this.open.disabled = false;
    }
  }

  private away(): void {
    if (this.ready) {
      this.seen.add(this.ready.id);
      sessionStorage.setItem(seenKey, [...this.seen].slice(-50).join(' '));
    }

    this.ready = undefined;
    this.text.textContent = '';
    delete this.line.dataset.shown;
    this.backToScreen();
  }
}
