import { part, type Words } from './words';

const everyMs = 10_000;
const goodMs = 60;
const fairMs = 150;

/** How far the server is, in a word: a small request every ten seconds, the median of the last three. */
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

    const start = performance.now();
    try {
      await fetch(import.meta.url, { method: 'HEAD', cache: 'no-store' });
    } catch {
      // The session itself tells when the network is gone.
      return;
    }

    this.samples = [...this.samples, performance.now() - start].slice(-3);
    const median = [...this.samples].sort((a, b) => a - b)[Math.floor(this.samples.length / 2)] ?? 0;
    const level = median < goodMs ? 'good' : median < fairMs ? 'fair' : 'poor';
    this.element.dataset.level = level;
    this.element.textContent = this.words.of(`quality.${level}`, Math.round(median));
  }
}
