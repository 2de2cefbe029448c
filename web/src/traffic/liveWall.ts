import { Curve, type Point } from './curve';
import { Markers } from './markers';
import { Race, type Share } from './race';

interface Second {
  at: number;
  listeners: number;
  visitors: number;
  starts?: number;
  listenersToday?: number;
  visitorsToday?: number;
  lagMs: number;
  channels?: Share[];
  sites?: Share[];
  devices?: Share[];
  regions?: Share[];
  players?: Share[];
}

const staleAfterMs = 5000;
const secondsOfMinute = 60;
const shown = ['channels', 'sites', 'devices', 'regions', 'players'] as const;

/** Shows each second as it comes, and goes grey when none comes. */
export class LiveWall {
  private readonly source: EventSource;
  private readonly curve: Curve;
  private readonly markers: Markers;
  private readonly numbers = new Intl.NumberFormat(document.documentElement.lang);
  private readonly races = new Map<string, Race>();
  private readonly starts: number[] = [];
  private late = 0;

  constructor(private readonly element: HTMLElement) {
    this.curve = new Curve(element, this.numbers);
    this.markers = new Markers(element, markers => this.curve.mark(markers));
    for (const list of element.querySelectorAll<HTMLElement>('[data-shares]')) {
      this.races.set(list.dataset['shares'] ?? '', new Race(list, this.numbers, element.dataset['card'], element.dataset['none'] ?? ''));
    }

    this.source = new EventSource(element.dataset['stream'] ?? '');
    this.source.addEventListener('curve', event => this.curve.reset(JSON.parse(event.data as string) as Point[]));
    this.source.addEventListener('second', event => this.show(JSON.parse(event.data as string) as Second));
    this.source.addEventListener('error', () => this.expectSecond(0));
    this.expectSecond(staleAfterMs);
    this.screen();
  }

  dispose(): void {
    window.clearTimeout(this.late);
    this.markers.dispose();
    this.source.close();
  }

  private show(second: Second): void {
    this.starts.push(second.starts ?? 0);
    if (this.starts.length > secondsOfMinute) {
      this.starts.shift();
    }

    this.figure('listeners', second.listeners);
    this.figure('visitors', second.visitors);
    this.figure('listenersToday', second.listenersToday ?? 0);
    this.figure('visitorsToday', second.visitorsToday ?? 0);
    this.figure('startsMinute', this.starts.reduce((sum, starts) => sum + starts, 0));
    this.text('[data-figure=lag]', `${this.numbers.format(Math.round(second.lagMs / 100) / 10)} s`);
    this.curve.add([second.at, second.listeners, second.visitors]);
    for (const part of shown) {
      this.races.get(part)?.show(second[part] ?? []);
    }

    this.element.classList.remove('stale');
    const time = new Date(second.at * 1000).toLocaleTimeString(document.documentElement.lang);
    this.text('[data-part=fresh]', `${this.element.dataset['fresh'] ?? ''} · ${time}`, true);
    const clock = document.querySelector('.screen-head [data-part=clock]');
    if (clock) {
      clock.textContent = time;
    }

    this.expectSecond(staleAfterMs);
  }

  private expectSecond(withinMs: number): void {
    window.clearTimeout(this.late);
    this.late = window.setTimeout(() => {
      this.element.classList.add('stale');
      this.text('[data-part=fresh]', this.element.dataset['stale'] ?? '');
    }, withinMs);
  }

  private figure(name: string, value: number): void {
    this.text(`[data-figure=${name}]`, this.numbers.format(value));
  }

  /** A silent text is not read out by a screen reader each second. */
  private text(selector: string, value: string, silent = false): void {
    const at = this.element.querySelector(selector);
    if (!at) {
      return;
    }

    if (at.getAttribute('role') === 'status') {
      at.setAttribute('aria-live', silent ? 'off' : 'polite');
    }

    at.textContent = value;
  }

  /** On a wall screen, its button fills the screen. */
  private screen(): void {
    document.querySelector('.screen-head [data-part=full]')?.addEventListener('click', () => {
      void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
    });
  }
}
