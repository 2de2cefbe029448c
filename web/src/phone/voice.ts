import { call } from '../console/server';
import type { Devices } from './devices';
import { link, microphoneFault, Refusal } from './link';
import { part } from './parts';

const DOOR = '/api/telephony/phone';
const WANTED = 'relais-phone-wanted';
const PAUSES_MS = [0, 1_000, 2_000, 4_000, 8_000];

/** The browser's half of the voice: it stays connected to the server's room as long as it is wanted, whatever breaks. */
export class Voice {
  /** By which the server knows this page again. */
  readonly page = crypto.randomUUID();
  connection: RTCPeerConnection | undefined;

  /** Grows with each connection: what the server said before one says nothing of it. */
  epoch = 0;

  private readonly status: HTMLElement;
  private readonly sound: HTMLAudioElement;
  private readonly button: HTMLButtonElement;
  private wanted = false;
  private joining = false;
  private tries = 0;
  private timer = 0;
  private changed: () => void = () => undefined;

  constructor(private readonly root: HTMLElement, private readonly devices: Devices) {
    this.status = part(root, 'voice');
    this.sound = part(root, 'sound');
    this.button = part(root, 'connect');
    this.button.addEventListener('click', this.connect);
    this.button.disabled = false;
    window.addEventListener('pagehide', this.away);
    window.addEventListener('online', this.online);
    devices.onSwitch(track => void this.connection?.getSenders()[0]?.replaceTrack(track));
    // A page that was loaded again goes on where it was.
    if (sessionStorage.getItem(WANTED)) {
      void this.connect();
    }
  }

  get ready(): boolean {
    return this.connection?.connectionState === 'connected';
  }

  /** Told whenever readiness may have changed. */
  onChange(changed: () => void): void {
    this.changed = changed;
  }

  /** What the server knew of this page's voice when it was asked in an epoch. */
  heed(connected: boolean, elsewhere: boolean, epoch: number): void {
    if (!this.wanted || this.joining || epoch !== this.epoch) {
      return;
    }

    if (elsewhere) {
      this.stop('elsewhere');
    } else if (!connected && this.timer === 0) {
      this.retry();
    }
  }

  dispose(): void {
    this.button.removeEventListener('click', this.connect);
    window.removeEventListener('pagehide', this.away);
    window.removeEventListener('online', this.online);
    window.clearTimeout(this.timer);
    this.wanted = false;
    this.drop();
  }

  private readonly connect = async () => {
    if (this.ready) {
      this.stop('off');
      await call('POST', `${DOOR}/leave`, '{}');
      return;
    }

    this.wanted = true;
    this.tries = 0;
    sessionStorage.setItem(WANTED, '1');
    await this.join();
  };

  private readonly online = () => {
    if (this.wanted && !this.ready && !this.joining) {
      this.tries = 0;
      void this.join();
    }
  };

  // The server hears at once that nobody is there.
  private readonly away = () => this.connection?.close();

  private async join(): Promise<void> {
    window.clearTimeout(this.timer);
    this.timer = 0;
    if (this.joining) {
      return;
    }

    this.joining = this.button.disabled = true;
    this.epoch++;
    this.say(this.tries === 0 ? 'connecting' : 'again');
    try {
      this.drop();
      const microphone = this.devices.stream ?? (await this.devices.open());
      await link(microphone, this.sound, `${DOOR}/ice`, sdp => call('POST', DOOR, JSON.stringify({ page: this.page, sdp })), connection => this.follow(connection));
    } catch (error) {
      const fault = microphoneFault(error);
      if (fault) {
        this.stop(fault);
      } else {
        this.retry(error instanceof Refusal && error.message ? error.message : undefined);
      }
    } finally {
      this.epoch++;
      this.joining = this.button.disabled = false;
    }
  }

  private follow(connection: RTCPeerConnection): void {
    this.connection = connection;
    connection.addEventListener('connectionstatechange', () => {
      if (connection !== this.connection) {
        return;
      }

      if (connection.connectionState === 'connected') {
        this.tries = 0;
        this.say('ready');
      } else if (connection.connectionState === 'failed') {
        this.retry(this.tries > 1 ? this.root.dataset['blocked'] : undefined);
      }

      this.changed();
    });
  }

  private retry(words?: string): void {
    if (!this.wanted) {
      return;
    }

    const pause = PAUSES_MS[Math.min(this.tries++, PAUSES_MS.length - 1)];
    this.drop();
    this.say('again', words);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.join(), pause);
  }

  private stop(key: string): void {
    this.wanted = false;
    sessionStorage.removeItem(WANTED);
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.drop();
    this.devices.close();
    this.say(key);
  }

  private drop(): void {
    const old = this.connection;
    this.connection = undefined;
    old?.close();
    this.changed();
  }

  private say(key: string, words?: string): void {
    this.status.textContent = words ?? this.root.dataset[key] ?? '';
    this.status.dataset['state'] = key;
    const on = key === 'ready';
    this.button.textContent = this.root.dataset[on ? 'disconnect' : 'connect'] ?? '';
    this.button.classList.toggle('primary', !on);
  }
}
