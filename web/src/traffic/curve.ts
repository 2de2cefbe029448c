import type { Marker } from './markers';

/** Seconds since 1970, listeners, visitors. */
export type Point = [at: number, listeners: number, visitors: number];

const width = 600;
const height = 160;
const lines = 3;

/** The last ten minutes of listeners as a line, with the moments that somebody named; a second is read by pointing at it, or with the arrow keys. */
export class Curve {
  private points: Point[] = [];
  private marks: Marker[] = [];
  private read = -1;
  private top = 0;

  constructor(private readonly element: HTMLElement, private readonly numbers: Intl.NumberFormat) {
    const drawing = this.part('curve');
    drawing?.addEventListener('pointermove', event => {
      const box = drawing.getBoundingClientRect();
      this.tell(width - Math.round(((event as PointerEvent).clientX - box.left) / box.width * width));
    });
    drawing?.addEventListener('pointerleave', () => this.tellPeak());
    drawing?.addEventListener('keydown', event => {
      const key = (event as KeyboardEvent).key;
      if (key === 'ArrowLeft' || key === 'ArrowRight') {
        event.preventDefault();
        this.tell(this.read + (key === 'ArrowLeft' ? 1 : -1));
      }
    });
    drawing?.addEventListener('blur', () => this.tellPeak());
  }

  reset(points: Point[]): void {
    this.points = points;
    this.draw();
  }

  add(point: Point): void {
    this.points.push(point);
    this.points = this.points.filter(p => p[0] > point[0] - width);
    this.draw();
  }

  mark(marks: Marker[]): void {
    this.marks = marks;
    this.drawMarks();
  }

  private draw(): void {
    const last = this.points.at(-1);
    if (!last) {
      return;
    }

    const step = stepOf(Math.max(...this.points.map(p => p[1])));
    const top = step * (lines + 1) * 0.9;
    const y = (value: number) => (height * (1 - value / top)).toFixed(1);
    const line = this.points.map(([at, listeners], i) => `${i === 0 ? 'M' : 'L'}${width - (last[0] - at)} ${y(listeners)}`).join('');
    const first = width - (last[0] - (this.points[0]?.[0] ?? last[0]));
    this.part('line')?.setAttribute('d', line);
    this.part('area')?.setAttribute('d', `${line}L${width} ${height}L${first} ${height}Z`);
    if (top !== this.top) {
      this.top = top;
      this.part('grid')?.setAttribute('d', Array.from({ length: lines }, (_, i) => `M0 ${y(step * (i + 1))}H${width}`).join(''));
      this.part('scale')?.replaceChildren(...Array.from({ length: lines }, (_, i) => {
        const label = document.createElement('span');
        label.textContent = this.numbers.format(step * (i + 1));
        label.style.top = `${100 * (1 - step * (i + 1) / top)}%`;
        return label;
      }));
    }

    this.drawMarks();
    if (this.read < 0) {
      this.tellPeak();
    }
  }

  private drawMarks(): void {
    const last = this.points.at(-1);
    const flags = this.part('flags');
    if (!last || !(flags instanceof HTMLElement)) {
      return;
    }

    const seen = this.marks.filter(mark => mark.at <= last[0] && mark.at > last[0] - width);
    this.part('events')?.setAttribute('d', seen.map(mark => `M${width - (last[0] - mark.at)} 0V${height}`).join(''));
    while (flags.children.length > seen.length) {
      flags.lastElementChild?.remove();
    }

    seen.forEach((mark, i) => {
      const flag = flags.children[i] as HTMLElement | undefined ?? flags.appendChild(document.createElement('span'));
      const place = 1 - (last[0] - mark.at) / width;
      flag.textContent = mark.name;
      // To the side that has room.
      flag.classList.toggle('late', place > 0.5);
      flag.style.left = `${100 * place}%`;
    });
  }

  private tellPeak(): void {
    this.read = -1;
    if (this.points.length > 0) {
      this.say((this.element.dataset['peak'] ?? '').replace('{0}', this.numbers.format(Math.max(...this.points.map(p => p[1])))));
    }
  }

  /** Says what was there so many seconds ago. */
  private tell(ago: number): void {
    this.read = Math.min(Math.max(ago, 0), this.points.length - 1);
    const point = this.points.at(-1 - this.read);
    if (point) {
      this.say(`${new Date(point[0] * 1000).toLocaleTimeString(document.documentElement.lang)} : ${this.numbers.format(point[1])}`);
    }
  }

  private say(text: string): void {
    const output = this.part('point');
    if (output) {
      output.textContent = text;
    }
  }

  private part(name: string): Element | null {
    return this.element.querySelector(`[data-part=${name}]`);
  }
}

/** The round number by which the scale goes up, so that the highest has room. */
function stepOf(most: number): number {
  const rough = Math.max(most, 8) / lines;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find(round => round * power >= rough) ?? 10;
  return Math.max(1, Math.ceil(step * power));
}
