import '../styles/audience.css';
import '../styles/board.css';
import type { Mounted } from '../shell/modules';

const usualMs = 1000;

/** Keeps a board fresh while it is looked at, without moving what the pointer or the keyboard is on; says so when it is not fresh. */
export function mount(element: HTMLElement): Mounted {
  const address = element.dataset['board'] ?? '';
  const stale = element.dataset['stale'] ?? '';
  const everyMs = Number(element.dataset['every'] ?? usualMs);
  let over = false;
  let timer = 0;

  async function look(): Promise<void> {
    try {
      if (!document.hidden) {
        const answer = await fetch(address, { headers: { Accept: 'text/html' }, signal: AbortSignal.timeout(10 * usualMs) });
        if (!answer.ok) {
          throw new Error(`${answer.status}`);
        }

        const html = await answer.text();
        if (!over && !element.contains(document.activeElement)) {
          // Of our own server, rendered by the same component as the page; scripts in it would not run.
          element.innerHTML = html;
        }

        element.classList.remove('stale');
      }
    } catch {
      if (!over && !element.classList.contains('stale')) {
        element.classList.add('stale');
        const fresh = element.querySelector('[data-part=fresh]');
        if (fresh) {
          fresh.textContent = stale;
        }
      }
    }

    if (!over) {
      timer = window.setTimeout(() => void look(), everyMs);
    }
  }

  timer = window.setTimeout(() => void look(), everyMs);
  return {
    dispose: () => {
      over = true;
      window.clearTimeout(timer);
    },
  };
}
