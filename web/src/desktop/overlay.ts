import type { Opening } from './openDesktop';
import { part, type Words } from './words';

const patientAfterSeconds = 10;

/** What stands over the screen while there is none: what is being done and for how long, or why it ended and what to do. */
export class Overlay {
  private readonly root: HTMLElement;
  private readonly title: HTMLElement;
  private readonly text: HTMLElement;
  private readonly elapsed: HTMLElement;
  private readonly bar: HTMLProgressElement;
  private readonly reference: HTMLElement;
  private readonly again: HTMLButtonElement;
  private since = 0;
  private usualSeconds: number | undefined;
  private timer: number | undefined;

  constructor(page: HTMLElement, private readonly words: Words, private readonly askedAgain: () => void) {
    this.root = part(page, 'overlay');
    this.title = part(page, 'title');
    this.text = part(page, 'text');
    this.elapsed = part(page, 'elapsed');
    this.bar = part<HTMLProgressElement>(page, 'bar');
    this.reference = part(page, 'reference');
    this.again = part<HTMLButtonElement>(page, 'again');
    this.again.addEventListener('click', () => this.askedAgain());
  }

  /** Says what is being done. The clock goes on when the words are those shown already. */
  working(name: string, opening?: Opening): void {
    const title = this.words.of(`${name}.title`);
    this.usualSeconds = opening?.usualSeconds;
    if (this.title.textContent !== title || this.timer === undefined) {
      this.since = Date.now();
      this.stopClock();
      this.timer = window.setInterval(() => this.tick(), 500);
    }

    const text = opening?.step ? this.words.find(`step.${opening.step}`) ?? opening.step : this.words.find(`${name}.text`);
    this.fill(title, (text ?? '').replace('{0}', String(opening?.place ?? '')));
    this.bar.hidden = false;
    this.elapsed.hidden = false;
    this.tick();
  }

  /** Says why there is no screen any more, and offers the way back. */
  ended(name: string, detail?: string, reference?: string): void {
    this.stopClock();
    this.fill(this.words.of(`${name}.title`), detail ?? this.words.of(`${name}.text`), reference);
    this.again.textContent = this.words.of(`${name}.again`);
    this.again.hidden = !this.words.find(`${name}.again`);
    this.bar.hidden = true;
    this.elapsed.hidden = true;
    if (!this.again.hidden) {
      this.again.focus();
    }
  }

  hide(): void {
    this.stopClock();
    this.root.hidden = true;
  }

  dispose(): void {
    this.stopClock();
  }

  private fill(title: string, text: string, reference?: string): void {
    this.root.hidden = false;
    this.again.hidden = true;
    // Only what changes is written, so that a screen reader says each thing once.
    for (const [element, words] of [[this.title, title], [this.text, text]] as const) {
      if (element.textContent !== words) {
        element.textContent = words;
      }
    }

    this.reference.textContent = reference ? this.words.of('reference', reference) : '';
  }

  private tick(): void {
    const seconds = Math.floor((Date.now() - this.since) / 1000);
    const usual = this.usualSeconds;
    if (usual) {
      this.bar.max = usual;
      this.bar.value = Math.min(seconds, usual);
    } else {
      this.bar.removeAttribute('value');
    }

    const told = [seconds > 0 ? this.words.of('elapsed', seconds) : ''];
    if (usual) {
      told.push(this.words.of('usual', Math.round(usual)));
    }

    if (seconds >= patientAfterSeconds) {
      told.push(this.words.of('patience'));
    }

    this.elapsed.textContent = told.filter(text => text).join(' · ');
  }

  private stopClock(): void {
    window.clearInterval(this.timer);
    this.timer = undefined;
  }
}
