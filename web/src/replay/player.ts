import { part, Words } from '../desktop/words';
import { Recording, type Facts } from './recording';
import { loadStage, type Stage } from './stage';

const derSequence = 0x30;

/** Plays a recording: forward in time, faster or slower, and from any moment. */
export class Player {
  private readonly words: Words;
  private readonly place: HTMLElement;
  private readonly play: HTMLButtonElement;
  private readonly at: HTMLInputElement;
  private readonly time: HTMLElement;
  private readonly status: HTMLElement;
  private readonly speed: HTMLSelectElement;
  private readonly stop = new AbortController();
  private readonly recording = new Recording();
  private create: ((place: HTMLElement, facts: Facts) => Stage) | undefined;
  private stage: Stage | undefined;
  private next = 0;
  private position = 0;
  private playing = false;
  private lastTick = 0;
  private timer: number | undefined;

  constructor(private readonly root: HTMLElement) {
    this.words = new Words(part(root, 'texts'));
    this.place = part(root, 'place');
    this.play = part<HTMLButtonElement>(root, 'play');
    this.at = part<HTMLInputElement>(root, 'at');
    this.time = part(root, 'time');
    this.status = part(root, 'status');
    this.speed = part<HTMLSelectElement>(root, 'speed');
    this.play.textContent = this.words.of('play');
    this.play.addEventListener('click', () => this.toggle());
    this.at.addEventListener('input', () => this.seek(this.chosen()));
  }

  async start(): Promise<void> {
    this.say('loading');
    try {
      this.create = await loadStage(this.root.dataset.client ?? '');
      const response = await fetch(this.root.dataset.content ?? '', { signal: this.stop.signal });
      if (!response.ok) {
        const problem = (await response.json().catch(() => ({}))) as { detail?: string };
        this.status.textContent = problem.detail ?? this.words.of('failed');
        return;
      }

      await this.recording.load(response, () => this.loadedMore());
      this.say(this.recording.whole ? undefined : 'cut');
    } catch (error) {
      if (!this.stop.signal.aborted) {
        console.error(error);
        this.say('failed');
      }
    }
  }

  dispose(): void {
    this.stop.abort();
    window.clearTimeout(this.timer);
    this.stage?.dispose();
  }

  private loadedMore(): void {
    const first = this.recording.chunks[0];
    if (!this.stage && first) {
      // A native client's RDP begins without the answer that IronRDP begins with, and has channels of its own.
      if (this.root.dataset.client === 'rdp' && first.payload[0] !== derSequence) {
        this.say('native');
        this.stop.abort();
        return;
      }

      this.rewind();
      this.play.disabled = this.at.disabled = false;
      this.toggle();
    }

    this.show();
  }

  private toggle(): void {
    if (!this.playing && this.recording.loaded && this.position >= this.recording.length) {
      this.seek(0);
    }

    this.playing = !this.playing;
    this.play.textContent = this.words.of(this.playing ? 'pause' : 'play');
    this.lastTick = performance.now();
    this.tick();
  }

  // The slider moves by steps: its last one means the end, not what lies just before it.
  private chosen(): number {
    const at = Number(this.at.value);
    return at + Number(this.at.step) > Number(this.at.max) ? this.recording.length : at * 1000;
  }

  private seek(to: number): void {
    if (to < this.position) {
      this.rewind();
    }

    this.position = to;
    this.lastTick = performance.now();
    this.feed();
    this.show();
  }

  // A terminal and a screen know no way back: what happened is shown again from the start, at once.
  private rewind(): void {
    this.stage?.dispose();
    this.stage = this.create?.(this.place, this.recording.facts ?? {});
    this.next = 0;
    this.position = 0;
  }

  private tick(): void {
    window.clearTimeout(this.timer);
    if (!this.playing) {
      return;
    }

    const now = performance.now();
    this.position = Math.min(this.position + (now - this.lastTick) * Number(this.speed.value), this.recording.length);
    this.lastTick = now;
    this.feed();
    this.show();
    if (this.recording.loaded && this.position >= this.recording.length) {
      this.playing = false;
      this.play.textContent = this.words.of('play');
      return;
    }

    this.timer = window.setTimeout(() => this.tick(), 40);
  }

  private feed(): void {
    for (let chunk = this.recording.chunks[this.next]; chunk && chunk.at <= this.position; chunk = this.recording.chunks[this.next]) {
      this.next++;
      this.stage?.feed(chunk);
    }
  }

  private show(): void {
    const [position, length] = [this.position / 1000, this.recording.length / 1000];
    this.at.max = String(length);
    if (document.activeElement !== this.at || this.playing) {
      this.at.value = String(position);
    }

    const words = `${clock(position)} / ${clock(length)}`;
    if (this.time.textContent !== words) {
      this.time.textContent = words;
      this.at.setAttribute('aria-valuetext', words);
    }
  }

  private say(name?: string): void {
    this.status.textContent = name ? this.words.of(name) : '';
  }
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const end = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${end}` : `${minutes}:${end}`;
}
