const stepSeconds = 5;

/** Ties the drawn wave and the marks to the sound: the sound alone says where it is. */
export class CallPlayer {
  private readonly stop = new AbortController();
  private readonly audio: HTMLAudioElement;
  private readonly wave: HTMLElement;
  private readonly head: SVGLineElement;
  private readonly marks: HTMLButtonElement[];
  private readonly seconds: number;
  private readonly width: number;
  private frame = 0;

  constructor(element: HTMLElement) {
    const audio = element.querySelector<HTMLAudioElement>('[data-part=audio]');
    const wave = element.querySelector<HTMLElement>('[data-part=wave]');
    const head = element.querySelector<SVGLineElement>('[data-part=head]');
    if (!audio || !wave || !head) {
      throw new Error('The player of a call lacks a part');
    }

    [this.audio, this.wave, this.head] = [audio, wave, head];
    this.marks = [...element.querySelectorAll<HTMLButtonElement>('[data-ms]')];
    this.seconds = Number(element.dataset.duration) / 1000;
    this.width = head.ownerSVGElement?.viewBox.baseVal.width ?? 1;
    const { signal } = this.stop;
    wave.addEventListener('click', event => {
      const box = wave.getBoundingClientRect();
      this.go(((event.clientX - box.left) / box.width) * this.seconds);
    }, { signal });
    wave.addEventListener('keydown', event => this.key(event), { signal });
    for (const mark of this.marks) {
      mark.addEventListener('click', () => {
        this.go(Number(mark.dataset.ms) / 1000);
        void audio.play();
      }, { signal });
    }

    for (const event of ['timeupdate', 'seeked', 'pause', 'ended']) {
      audio.addEventListener(event, () => this.show(), { signal });
    }

    audio.addEventListener('play', () => this.follow(), { signal });
  }

  dispose(): void {
    this.stop.abort();
    cancelAnimationFrame(this.frame);
    this.audio.pause();
  }

  private key(event: KeyboardEvent): void {
    const at = this.audio.currentTime;
    const to = {
      ArrowRight: at + stepSeconds, ArrowUp: at + stepSeconds, ArrowLeft: at - stepSeconds, ArrowDown: at - stepSeconds, Home: 0, End: this.seconds, n: this.mark(at, 1), p: this.mark(at, -1),
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || (to === undefined && event.key !== ' ')) {
      return;
    }

    event.preventDefault();
    if (to !== undefined) {
      this.go(to);
    } else if (this.audio.paused) {
      void this.audio.play();
    } else {
      this.audio.pause();
    }
  }

  /** The next mark, or the one before; a mark just passed counts as where one is. */
  private mark(at: number, way: 1 | -1): number {
    const places = this.marks.map(mark => Number(mark.dataset.ms) / 1000);
    return way > 0 ? places.find(place => place > at + 0.05) ?? at : places.reverse().find(place => place < at - 1) ?? 0;
  }

  private go(to: number): void {
    this.audio.currentTime = Math.min(Math.max(0, to), this.seconds);
    this.show();
  }

  private follow(): void {
    cancelAnimationFrame(this.frame);
    this.show();
    if (!this.audio.paused) {
      this.frame = requestAnimationFrame(() => this.follow());
    }
  }

  private show(): void {
    const at = this.audio.currentTime;
    const x = String(this.seconds > 0 ? (at / this.seconds) * this.width : 0);
    this.head.setAttribute('x1', x);
    this.head.setAttribute('x2', x);
    this.wave.setAttribute('aria-valuenow', String(Math.floor(at)));
    this.wave.setAttribute('aria-valuetext', `${Math.floor(at / 60)}:${String(Math.floor(at % 60)).padStart(2, '0')}`);
    let current: HTMLButtonElement | undefined;
    for (const mark of this.marks) {
      if (Number(mark.dataset.ms) / 1000 <= at + 0.05) {
        current = mark;
      }
    }

    for (const mark of this.marks) {
      if (mark === current && at > 0) {
        mark.setAttribute('aria-current', 'true');
      } else {
        mark.removeAttribute('aria-current');
      }
    }
  }
}
