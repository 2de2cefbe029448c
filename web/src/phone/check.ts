import { call } from '../console/server';
import { detail } from './link';
import { part } from './parts';
import { bandwidth, QualityReader, type Quality } from './quality';
import type { Voice } from './voice';

const DOOR = '/api/telephony/phone';
const REPORT_MS = 5_000;
const ENOUGH_KBIT = 200;

/** The test before the shift: one's own voice comes back, and what was measured is said in words. Reports quality while connected. */
export class Check {
  private readonly button: HTMLButtonElement;
  private readonly said: HTMLElement;
  private readonly measured: HTMLElement;
  private readonly reader = new QualityReader();
  private timer = 0;
  private running = false;

  constructor(private readonly root: HTMLElement, private readonly voice: Voice, private readonly loudness: () => number) {
    this.button = part(root, 'check');
    this.said = part(root, 'checked');
    this.measured = part(root, 'measured');
    this.button.addEventListener('click', this.run);
    this.timer = window.setInterval(() => void this.report(), REPORT_MS);
  }

  show(possible: boolean): void {
    this.button.disabled = !possible || this.running;
  }

  dispose(): void {
    window.clearInterval(this.timer);
    this.button.removeEventListener('click', this.run);
  }

  private readonly run = async () => {
    const connection = this.voice.connection;
    if (!connection || this.running) {
      return;
    }

    this.running = this.button.disabled = true;
    this.measured.textContent = '';
    try {
      const reader = new QualityReader();
      await reader.read(connection);
      this.say([this.word('speak')]);
      const echo = await call('POST', `${DOOR}/echo`, '{}');
      const quality = await reader.read(connection);
      if (echo.status !== 200) {
        this.say([detail(echo) || this.word('notNow')]);
        return;
      }

      const words = (JSON.parse(echo.body) as { words: string }).words;
      this.say([this.word('listen')]);
      const kbits = await bandwidth(`${DOOR}/probe`, async body => (await call('POST', `${DOOR}/probe`, body)).status === 204);
      this.say([words, ...this.faults(quality, kbits), this.word('listen')]);
      this.measured.textContent = this.word('measured', quality.rttMs, quality.lossPercent, quality.jitterMs, kbits);
    } finally {
      this.running = false;
      this.button.disabled = !this.voice.ready;
    }
  };

  private faults(quality: Quality, kbits: number | undefined): string[] {
    const faults = [];
    if ((quality.rttMs ?? 0) > 300) {
      faults.push(this.word('slow', quality.rttMs));
    }

    if ((quality.lossPercent ?? 0) > 2) {
      faults.push(this.word('lossy', quality.lossPercent));
    }

    if ((quality.lossPercentIn ?? 0) > 2) {
      faults.push(this.word('lossyIn', quality.lossPercentIn));
    }

    const jitter = Math.max(quality.jitterMs ?? 0, quality.jitterMsIn ?? 0);
    if (jitter > 30) {
      faults.push(this.word('jittery', jitter));
    }

    if (kbits !== undefined && kbits < ENOUGH_KBIT) {
      faults.push(this.word('narrow', kbits));
    }

    if (faults.length === 0) {
      faults.push(this.word('fine'));
    }

    if (quality.route === 'relay') {
      faults.push(this.word('relayed'));
    }

    return faults;
  }

  private async report(): Promise<void> {
    const connection = this.voice.connection;
    if (connection && this.voice.ready) {
      const quality = await this.reader.read(connection);
      await call('POST', `${DOOR}/stats`, JSON.stringify({ ...quality, level: this.loudness() }));
    }
  }

  private word(key: string, ...values: (number | undefined)[]): string {
    return values.reduce<string>((words, value, at) => words.replace(`{${at}}`, value?.toLocaleString(document.documentElement.lang) ?? '–'), this.root.dataset[key] ?? '');
  }

  private say(lines: string[]): void {
    this.said.replaceChildren(
      ...lines.map(line => {
        const said = document.createElement('p');
        said.textContent = line;
        return said;
      }),
    );
  }
}
