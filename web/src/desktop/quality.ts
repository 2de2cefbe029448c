import { part, type Words } from './words';

const everyMs = 10_000;
const goodMs = 60;
const fairMs = 150;

/** How far the server is, in a word: a small request every ten seconds, the best of the last three, because delays elsewhere only add. */
export class Quality {
  private readonly element: HTMLElement;
  private readonly timer: number;
  private samples: number[] = [];

  constructor(page: HTMLElement, private readonly words: Words) {
    this.element = part(page, 'quality');
    this.timer = window.setInterval(() => void this.measure(), everyMs);
    void this.measure();
  }

  dispose(): void {
    window.clearInterval(this.timer);
  }

  private async measure(): Promise<void> {
    if (document.visibilityState === 'hidden') {
      return;
    }

    try {
      await fetch(import.meta.url, { method: 'HEAD', cache: 'no-store' });
    } catch {
      // The session itself tells when the network is gone.
      return;
    }

    // The browser's own times: what our clock would see includes the wait for a busy page.
    const timing = performance.getEntriesByName(import.meta.url).at(-1) as PerformanceResourceTiming | undefined;
    performance.clearResourceTimings();
    if (!timing?.requestStart) {
      return;
    }

    this.samples = [...this.samples, timing.responseStart - timing.requestStart].slice(-3);
    const best = Math.min(...this.samples);
    const level = best < goodMs ? 'good' : best < fairMs ? 'fair' : 'poor';
    this.element.dataset.level = level;
    this.element.textContent = this.words.of(`quality.${level}`, Math.round(best));
  }
}
