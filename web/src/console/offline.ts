const REMEMBERED = 'relais-console';
const WORKER = '/interview/service-worker.js';
const LOOK_EVERY_MS = 3000;

/** Whose console it is on this computer: an id, no name. Forgotten on the page of the sign-in. */
interface Remembered {
  person: string;
  language: string;
  theme: string;
}

/**
 * A page that the server made says whose console it is; one that was opened from the copies of this computer takes who was here last.
 * Resolves to false when nobody was: then only the server can say.
 */
export function recognise(main: HTMLElement): boolean {
  const page = document.documentElement;
  if (main.dataset['person']) {
    const now: Remembered = { person: main.dataset['person'], language: main.dataset['language'] ?? 'fr', theme: page.dataset['theme'] ?? '' };
    localStorage.setItem(REMEMBERED, JSON.stringify(now));
    return true;
  }

  const kept = localStorage.getItem(REMEMBERED);
  if (!kept) {
    return false;
  }

  const last = JSON.parse(kept) as Remembered;
  main.dataset['person'] = last.person;
  main.dataset['language'] = page.lang = last.language;
  page.dataset['theme'] = last.theme;
  return true;
}

/** On the page of the sign-in: who comes next is not the one who was here. */
export function forgetWhoWasHere(): void {
  localStorage.removeItem(REMEMBERED);
}

/** Says that the server is away and opens the console once it is back. */
export function waitForServer(main: HTMLElement): void {
  main.querySelectorAll<HTMLElement>('[data-away]').forEach(away => (away.hidden = false));
  main.querySelectorAll<HTMLElement>('[role=status]').forEach(loading => (loading.hidden = true));
  window.setInterval(() => {
    fetch('/api/access/form-token', { cache: 'no-store' }).then(() => location.reload(), () => undefined);
  }, LOOK_EVERY_MS);
}

/** Keeps copies of the program, for the next time that the server is away. A newer set waits for nobody: this page has all it needs. */
export async function keepCopies(): Promise<void> {
  if (!('serviceWorker' in navigator)) {
    return;
  }

  try {
    const kept = await navigator.serviceWorker.register(WORKER, { scope: '/interview/', updateViaCache: 'none' });
    const takeOver = () => kept.waiting?.postMessage('take-over');
    const watch = () => kept.installing?.addEventListener('statechange', takeOver);
    takeOver();
    watch();
    kept.addEventListener('updatefound', watch);
  } catch {
    // Without copies the console works as long as the server answers; the browser says why in its own log.
  }
}
