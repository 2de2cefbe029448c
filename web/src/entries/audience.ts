import '../styles/audience.css';

/** Keeps a page fresh that shows something under way, until it says nothing of it any more. */
export function mount(element: HTMLElement): { dispose(): void } {
  const marker = element.querySelector<HTMLElement>('[data-refresh]');
  const every = Number(marker?.dataset['refresh'] ?? 0);
  const timer = every > 0 ? window.setTimeout(() => window.location.reload(), every) : 0;
  return { dispose: () => window.clearTimeout(timer) };
}
