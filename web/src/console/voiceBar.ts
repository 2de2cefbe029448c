import { Devices } from '../phone/devices';
import { detail } from '../phone/link';
import { part } from '../phone/parts';
import { QualityReader } from '../phone/quality';
import { Voice } from '../phone/voice';
import { call } from './server';

const DOOR = '/api/telephony/phone';
const LOOK_MS = 2_000;
const REPORT_MS = 5_000;

/** The headset above the console: where the voice is, its level, mute, and who listens. Hidden where nobody calls through Relais. */
export class VoiceBar {
  private readonly devices: Devices;
  private readonly voice: Voice;
  private readonly reader = new QualityReader();
  private readonly where: HTMLElement;
  private readonly listened: HTMLElement;
  private readonly muteButton: HTMLButtonElement;
  private readonly connectButton: HTMLButtonElement;
  private readonly keys: HTMLDetailsElement;
  private readonly pad: HTMLInputElement;
  private readonly fault: HTMLElement;
  private muted = false;
  private wanted = '';
  private call = '';
  private pressed = '';
  private pressing: Promise<void> = Promise.resolve();

  constructor(private readonly root: HTMLElement) {
    this.devices = new Devices(root);
    this.voice = new Voice(root, this.devices);
    this.where = part(root, 'where');
    this.listened = part(root, 'listened');
    this.muteButton = part(root, 'mute');
    this.connectButton = part(root, 'connect');
    this.keys = part(root, 'keys');
    this.pad = part(root, 'pad');
    this.fault = part(root, 'keys-fault');
    this.pad.addEventListener('input', this.press);
    this.muteButton.addEventListener('click', () => {
      this.muted = !this.muted;
      this.devices.mute(this.muted);
      this.show();
    });
    this.voice.onChange(() => this.show());
    this.show();
    window.setInterval(() => void this.look(), LOOK_MS);
    window.setInterval(() => void this.report(), REPORT_MS);
  }

  get here(): boolean {
    return this.voice.ready;
  }

  connect(): void {
    if (!this.here) {
      this.connectButton.click();
    }
  }

  /** "here", "elsewhere", "none"; empty hides the bar, unless the headset is connected in this very tab. */
  place(where: string): void {
    this.wanted = where;
    this.show();
  }

  private show(): void {
    const where = this.here ? 'here' : this.wanted === 'here' ? 'none' : this.wanted;
    this.root.hidden = where === '';
    this.root.dataset['where'] = where;
    this.where.textContent = where === '' ? '' : (this.root.dataset[`at${where[0]?.toUpperCase()}${where.slice(1)}`] ?? '');
    this.muteButton.hidden = !this.here;
    this.muteButton.setAttribute('aria-pressed', String(this.muted));
    this.muteButton.textContent = this.root.dataset[this.muted ? 'unmute' : 'mute'] ?? '';
  }

  // Another tab may have taken the voice over, the server may have lost it, and somebody may listen.
  private async look(): Promise<void> {
    if (this.root.hidden) {
      return;
    }

    const epoch = this.voice.epoch;
    const answer = await call('GET', `${DOOR}?page=${this.voice.page}`);
    if (answer.status !== 200) {
      return;
    }

    const now = JSON.parse(answer.body) as { connected: boolean; elsewhere: boolean; call: string | null; state: string | null; listening: string | null };
    this.voice.heed(now.connected, now.elsewhere, epoch);
    this.listened.textContent = now.listening ?? '';
    this.listened.hidden = !now.listening;
    this.answered(now.state === 'answered' ? (now.call ?? '') : '');
  }

  // Keys for whoever answers with a machine: there as long as somebody is on the line.
  private answered(id: string): void {
    this.keys.hidden = id === '';
    if (id === this.call) {
      return;
    }

    this.call = id;
    this.keys.open = false;
    this.pad.value = this.pressed = '';
    this.fault.hidden = true;
  }

  // What is typed is pressed at once, in its order; what is taken away was pressed all the same.
  private readonly press = () => {
    this.pad.value = this.pad.value.replace(/[^0-9*#]/g, '');
    const more = this.pad.value.slice(this.pressed.length);
    this.pressed = this.pad.value;
    const id = this.call;
    if (more && id) {
      this.pressing = this.pressing.then(async () => {
        const answer = await call('POST', `/api/telephony/calls/${id}/keys`, JSON.stringify({ keys: more }));
        this.fault.hidden = answer.status === 204;
        this.fault.textContent = answer.status === 204 ? '' : detail(answer) || (this.root.dataset['again'] ?? '');
      });
    }
  };

  private async report(): Promise<void> {
    const connection = this.voice.connection;
    if (connection && this.here) {
      await call('POST', `${DOOR}/stats`, JSON.stringify({ ...(await this.reader.read(connection)), level: this.devices.loudness }));
    }
  }
}
