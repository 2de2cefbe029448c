import { call, type Answer } from '../console/server';
import { detail } from './link';
import { part } from './parts';
import type { Voice } from './voice';

const BUSY_MS = 500;
const IDLE_MS = 1_500;

/** What the server knows of one's phone. */
interface Now {
  connected: boolean;
  elsewhere: boolean;
  call: string | null;
  state: string | null;
  words: string | null;
  held: boolean;
  listening: string | null;
}

/** Dials, shows where the call stands in the server's words, and all that one does in a call. A call that was placed elsewhere is shown too. */
export class CallDesk {
  private readonly status: HTMLElement;
  private readonly listened: HTMLElement;
  private readonly fault: HTMLElement;
  private readonly form: HTMLFormElement;
  private readonly number: HTMLInputElement;
  private readonly dialButton: HTMLButtonElement;
  private readonly hangUpButton: HTMLButtonElement;
  private readonly muteButton: HTMLButtonElement;
  private readonly holdButton: HTMLButtonElement;
  private readonly keys: HTMLFieldSetElement;
  private current = '';
  private live = false;
  private answered = false;
  private held = false;
  private muted = false;
  private timer = 0;
  private over = false;
  private pressing: Promise<void> = Promise.resolve();

  constructor(private readonly root: HTMLElement, private readonly voice: Voice, private readonly mute: (muted: boolean) => void, private readonly changed: (idle: boolean) => void) {
    this.status = part(root, 'call');
    this.listened = part(root, 'listened');
    this.fault = part(root, 'fault');
    this.form = part(root, 'dial');
    this.number = part(root, 'number');
    this.dialButton = part(root, 'call-button');
    this.hangUpButton = part(root, 'hang-up');
    this.muteButton = part(root, 'mute');
    this.holdButton = part(root, 'hold');
    this.keys = part(root, 'keys');
    this.form.addEventListener('submit', this.dial);
    this.hangUpButton.addEventListener('click', this.hangUp);
    this.muteButton.addEventListener('click', this.toggleMute);
    this.holdButton.addEventListener('click', this.toggleHold);
    this.keys.addEventListener('click', this.press);
    voice.onChange(() => this.show());
    this.show();
    void this.look();
  }

  dispose(): void {
    this.over = true;
    window.clearTimeout(this.timer);
    this.form.removeEventListener('submit', this.dial);
    this.hangUpButton.removeEventListener('click', this.hangUp);
    this.muteButton.removeEventListener('click', this.toggleMute);
    this.holdButton.removeEventListener('click', this.toggleHold);
    this.keys.removeEventListener('click', this.press);
  }

  private readonly dial = async (event: SubmitEvent) => {
    event.preventDefault();
    if (this.live || !this.voice.ready) {
      return;
    }

    this.live = true;
    this.show();
    const answer = await call('POST', '/api/telephony/calls', JSON.stringify({ number: this.number.value }));
    this.live = answer.status === 202;
    if (this.live) {
      this.current = (JSON.parse(answer.body) as { id: string }).id;
      this.complain();
    } else {
      this.status.textContent = answer.status === 0 ? this.root.dataset['away'] ?? '' : detail(answer);
    }

    this.show();
  };

  private readonly hangUp = async () => {
    this.hangUpButton.disabled = true;
    this.complain(await this.ask('hang-up', {}));
  };

  private readonly toggleMute = () => {
    this.muted = !this.muted;
    this.mute(this.muted);
    this.show();
  };

  private readonly toggleHold = async () => this.complain(await this.ask('hold', { held: !this.held }));

  // One after the other: two requests under way at once may arrive in either order.
  private readonly press = (event: Event) => {
    const [key, id] = [(event.target as HTMLElement).dataset['key'], this.current];
    if (key) {
      this.pressing = this.pressing.then(async () => this.complain(await this.ask('keys', { keys: key }, id)));
    }
  };

  private ask(what: string, body: object, id = this.current): Promise<Answer> {
    return call('POST', `/api/telephony/calls/${id}/${what}`, JSON.stringify(body));
  }

  private complain(answer?: Answer): void {
    this.fault.textContent = answer && answer.status !== 204 ? detail(answer) || (this.root.dataset['away'] ?? '') : '';
    this.fault.hidden = this.fault.textContent === '';
  }

  private async look(): Promise<void> {
    const [asked, epoch] = [this.current, this.voice.epoch];
    const answer = await call('GET', `/api/telephony/phone?page=${this.voice.page}${asked ? `&call=${asked}` : ''}`);
    if (this.over) {
      return;
    }

    if (answer.status === 200) {
      this.take(JSON.parse(answer.body) as Now, asked, epoch);
    } else if (this.live) {
      this.status.textContent = this.root.dataset['away'] ?? '';
    }

    this.timer = window.setTimeout(() => void this.look(), this.live ? BUSY_MS : IDLE_MS);
  }

  private take(now: Now, asked: string, epoch: number): void {
    this.voice.heed(now.connected, now.elsewhere, epoch);
    // An answer to what was asked before the last call was placed says nothing of it.
    if (asked === this.current && now.call) {
      this.current = now.call;
      this.live = now.state !== 'ended';
      this.answered = now.state === 'answered';
      this.held = now.held;
      this.status.textContent = now.words;
      this.status.dataset['state'] = now.state ?? '';
    }

    this.listened.textContent = now.listening ?? '';
    this.listened.hidden = !now.listening;
    this.show();
  }

  private show(): void {
    this.dialButton.disabled = this.live || !this.voice.ready;
    this.hangUpButton.disabled = !this.live;
    this.muteButton.disabled = !this.voice.ready;
    this.toggle(this.muteButton, this.muted, 'mute', 'unmute');
    this.holdButton.disabled = !this.live || !this.answered;
    this.toggle(this.holdButton, this.held, 'hold', 'resume');
    this.keys.disabled = !this.live || !this.answered;
    this.number.readOnly = this.live;
    this.root.toggleAttribute('data-live', this.live);
    this.changed(!this.live);
  }

  private toggle(button: HTMLButtonElement, on: boolean, off: string, back: string): void {
    button.setAttribute('aria-pressed', String(on));
    button.textContent = this.root.dataset[on ? back : off] ?? '';
  }
}
