import '../styles/audience.css';
import '../styles/fieldwork.css';
import type { Mounted } from '../shell/modules';

/** Pages that prepare studies: brings the open tab into view, and looks again at what is under way. */
export function mount(element: HTMLElement): Mounted {
  element.querySelector('.tabs a[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  const every = Number(element.querySelector<HTMLElement>('[data-refresh]')?.dataset['refresh'] ?? 0);
  const timer = every > 0 ? window.setTimeout(() => window.location.reload(), every) : 0;
  return { dispose: () => window.clearTimeout(timer) };
}
