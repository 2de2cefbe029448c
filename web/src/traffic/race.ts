export interface Share {
  name: string;
  listeners: number;
  visitors: number;
}

const moveMs = 700;

/** Bars in their order, which glide to their new place when one overtakes another. */
export class Race {
  private readonly words: Map<string, string>;
  private readonly rows = new Map<string, HTMLElement>();

  constructor(private readonly list: HTMLElement, private readonly numbers: Intl.NumberFormat, private readonly card: string | undefined, private readonly none: string) {
    this.words = new Map((list.dataset['words'] ?? '').split(';').map(pair => pair.split('=') as [string, string]));
  }

  show(shares: Share[]): void {
    const listenersOnly = this.list.dataset['count'] === 'listeners';
    const counted = shares.map(share => ({ name: share.name, total: share.listeners + (listenersOnly ? 0 : share.visitors) })).filter(share => share.total > 0);
    if (counted.length === 0) {
      this.rows.clear();
      const nobody = document.createElement('li');
      nobody.className = 'hint';
      nobody.textContent = this.none;
      this.list.replaceChildren(nobody);
      return;
    }

    // Equal ones stay where they are: nothing trembles.
    const before = [...this.rows.keys()];
    counted.sort((a, b) => b.total - a.total || place(before, a.name) - place(before, b.name));
    const most = counted[0]?.total ?? 1;
    const rows = counted.map(({ name, total }) => {
      const row = this.rows.get(name) ?? this.row(name);
      const bar = row.querySelector('i');
      if (bar) {
        bar.style.transform = `scaleX(${total / most})`;
      }

      const number = row.querySelector('b');
      if (number) {
        number.textContent = this.numbers.format(total);
      }

      return [name, row] as const;
    });
    this.arrange(rows);
  }

  private arrange(rows: (readonly [string, HTMLElement])[]): void {
    if (rows.length === this.list.children.length && rows.every(([, row], at) => this.list.children[at] === row)) {
      return;
    }

    const tops = new Map([...this.rows].map(([name, row]) => [name, row.getBoundingClientRect().top]));
    // A link that somebody stands on keeps the keyboard.
    const focused = document.activeElement;
    this.list.replaceChildren(...rows.map(([, row]) => row));
    if (focused instanceof HTMLElement && this.list.contains(focused)) {
      focused.focus({ preventScroll: true });
    }

    this.rows.clear();
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    for (const [name, row] of rows) {
      this.rows.set(name, row);
      const from = tops.get(name);
      const by = from === undefined ? 0 : from - row.getBoundingClientRect().top;
      if (by !== 0 && !still) {
        row.animate([{ transform: `translateY(${by}px)` }, { transform: 'none' }], { duration: moveMs, easing: 'cubic-bezier(.2,.8,.2,1)' });
      }
    }
  }

  private row(name: string): HTMLElement {
    const row = document.createElement('li');
    const linked = this.card !== undefined && this.list.dataset['shares'] === 'channels';
    const label = document.createElement(linked ? 'a' : 'span');
    label.textContent = this.words.get(name) ?? name;
    if (linked && label instanceof HTMLAnchorElement) {
      label.href = this.card + encodeURIComponent(name);
    }

    const track = document.createElement('span');
    track.className = 'live-bar';
    track.setAttribute('aria-hidden', 'true');
    track.append(document.createElement('i'));
    row.append(label, track, document.createElement('b'));
    return row;
  }
}

const place = (names: string[], name: string) => (names.indexOf(name) + names.length + 1) % (names.length + 1);
