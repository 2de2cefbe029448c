import type { Outbox } from './outbox';
import { call, refusal } from './server';

/** How the delivery stands. "lost": somebody else writes this interview now. "refused": the server does not take a step, and says which. */
export interface Delivery {
  state: 'sent' | 'sending' | 'offline' | 'signed-out' | 'lost' | 'refused';
  acknowledged: number;
  detail: string;
  /** Nobody of the respondent's cell is wanted any more. */
  quotaFull: boolean;
}

const MOST_AT_ONCE = 100;
const LONGEST_PAUSE_MS = 10_000;
const SIGN_OF_LIFE_MS = 10_000;

/** Carries what the outbox holds to the server, in order, until all of it is acknowledged: again and again, as long as it takes. */
export class Sender {
  private woken: () => void = () => undefined;
  private stopped = false;
  private again = false;
  private quotaFull = false;

  constructor(
    private readonly outbox: Outbox,
    private readonly interview: string,
    private readonly fence: number,
    private acknowledged: number,
    private readonly tell: (delivery: Delivery) => void,
  ) {}

  async run(): Promise<void> {
    let pause = 500;
    const wake = () => this.wake();
    window.addEventListener('online', wake);
    document.addEventListener('visibilitychange', wake);
    try {
      while (!this.stopped) {
        this.again = false;
        const state = await this.step();
        if (state === 'lost' || state === 'refused' || this.stopped) {
          return;
        }

        const well = state === 'sent' || state === 'sending';
        if (state !== 'sending' && !this.again) {
          await this.sleep(well ? SIGN_OF_LIFE_MS : pause);
        }

        pause = well ? 500 : Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    } finally {
      window.removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', wake);
    }
  }

  /** There is something new, or the network is back. */
  wake(): void {
    this.again = true;
    this.woken();
  }

  stop(): void {
    this.stopped = true;
    this.woken();
  }

  private async step(): Promise<Delivery['state']> {
    const events = await this.outbox.events(this.interview, this.acknowledged, MOST_AT_ONCE);
    // Without anything to say it is a sign of life.
    const answer = await call('POST', `/api/fieldwork/interviews/${this.interview}/answers`, JSON.stringify({ fence: this.fence, events }));
    if (this.stopped) {
      return 'sent';
    }

    if (answer.status === 200) {
      const taken = JSON.parse(answer.body) as { acknowledged: number; quotaFull: boolean };
      this.acknowledged = Math.max(this.acknowledged, taken.acknowledged);
      this.quotaFull = taken.quotaFull;
      await this.outbox.acknowledge(this.interview, this.acknowledged);
    }

    const state = stateOf(answer.status, events.length === MOST_AT_ONCE);
    this.tell({ state, acknowledged: this.acknowledged, quotaFull: this.quotaFull, detail: state === 'refused' || state === 'lost' ? `${refusal(answer)} ${detailOf(answer.body)}`.trim() : '' });
    return state;
  }

  private sleep(milliseconds: number): Promise<void> {
    return new Promise(resolve => {
      const timer = window.setTimeout(resolve, milliseconds);
      this.woken = () => {
        window.clearTimeout(timer);
        resolve();
      };
    });
  }
}

function stateOf(status: number, more: boolean): Delivery['state'] {
  switch (true) {
    case status === 200: return more ? 'sending' : 'sent';
    case status === 401 || status === 403: return 'signed-out';
    case status === 409: return 'lost';
    case status === 400 || status === 404 || status === 413 || status === 422: return 'refused';
    default: return 'offline';
  }
}

function detailOf(body: string): string {
  try {
    return (JSON.parse(body) as { detail?: string }).detail ?? '';
  } catch {
    return '';
  }
}
