/** A moment that somebody named: seconds since 1970, and its name. */
export interface Marker {
  at: number;
  name: string;
}

const everyMs = 3000;
const shown = 3;

/** Asks for the named moments now and then, hands them on, and lists the latest ones with the way to their report. */
export class Markers {
  private readonly timer: number;
  private last = '';

  constructor(private readonly element: HTMLElement, private readonly found: (markers: Marker[]) => void) {
    void this.look();
    this.timer = window.setInterval(() => void this.look(), everyMs);
  }

  dispose(): void {
    window.clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const address = this.element.dataset['markers'];
    if (!address || document.hidden) {
      return;
    }

    try {
      const answer = await fetch(address, { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(everyMs) });
      const text = answer.ok ? await answer.text() : '';
      if (text && text !== this.last) {
        this.last = text;
        const markers = JSON.parse(text) as Marker[];
        this.found(markers);
        this.list(markers);
      }
    } catch {
      // The figures say themselves that they are not fresh.
    }
  }

  private list(markers: Marker[]): void {
    const surge = this.element.dataset['surge'];
    const items = markers.slice(-shown).reverse().map(marker => {
      const item = document.createElement('li');
      const time = document.createElement('time');
      const when = new Date(marker.at * 1000);
      time.dateTime = when.toISOString();
      time.textContent = when.toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' });
      const name = document.createElement(surge ? 'a' : 'span');
      name.textContent = marker.name;
      if (surge && name instanceof HTMLAnchorElement) {
        name.href = surge;
      }

      item.append(time, ' ', name);
      return item;
    });
    this.element.querySelector('[data-part=markers]')?.replaceChildren(...items);
  }
}
