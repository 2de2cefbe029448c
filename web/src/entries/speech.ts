import '../styles/traffic.css';
import type { Mounted } from '../shell/modules';

interface State {
  phase: 'Never' | 'Running' | 'Counting' | 'Over' | 'Failed';
  second: number;
  seconds: number;
  sent: number;
  accepted: number;
  refused: number;
  outcome: Record<string, number> | null;
}

const busyMs = 500;
const idleMs = 4000;

/** How far the demo's speech is, whoever began it, and what was measured at its end. */
export function mount(element: HTMLElement): Mounted {
  const numbers = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  const part = <T extends HTMLElement>(name: string) => element.querySelector<T>(`[data-part=${name}]`);
  let timer = 0;
  let over = false;

  function show(state: State): boolean {
    const busy = state.phase === 'Running' || state.phase === 'Counting';
    const button = part<HTMLButtonElement>('begin');
    if (button) {
      button.disabled = busy;
    }

    const progress = part('progress');
    if (progress) {
      progress.hidden = !busy && state.phase !== 'Failed';
      const bar = progress.querySelector('progress');
      if (bar) {
        bar.hidden = !busy;
        bar.value = state.second / state.seconds;
      }

      const said = part('said');
      if (said) {
        said.textContent = state.phase === 'Failed'
          ? element.dataset['failed'] ?? ''
          : `${element.dataset[state.phase === 'Counting' ? 'counting' : 'running'] ?? ''} · ${numbers.format(Math.floor(state.second))} / ${state.seconds} s · ${numbers.format(state.accepted)}`;
      }
    }

    const outcome = part('outcome');
    if (outcome) {
      outcome.hidden = busy || !state.outcome;
      for (const figure of outcome.querySelectorAll<HTMLElement>('[data-speech]')) {
        const name = figure.dataset['speech'] ?? '';
        const value = state.outcome?.[name];
        figure.textContent = value === undefined ? '–' : /^(p|lag)/.test(name) ? `${numbers.format(value)} ms` : numbers.format(value);
      }
    }

    return busy;
  }

  async function look(): Promise<void> {
    let busy = false;
    try {
      const answer = await fetch(element.dataset['state'] ?? '', { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(idleMs) });
      if (answer.ok && !over) {
        busy = show((await answer.json()) as State);
      }
    } catch {
      // The next look may be answered.
    }

    if (!over) {
      timer = window.setTimeout(() => void look(), busy ? busyMs : idleMs);
    }
  }

  void look();
  return {
    dispose: () => {
      over = true;
      window.clearTimeout(timer);
    },
  };
}
