import '../styles/people.css';
import type { Mounted } from '../shell/modules';

/** Sheets of invitations: the button that prints them. */
export function mount(element: HTMLElement): Mounted {
  const button = element.querySelector<HTMLButtonElement>('[data-print]');
  const print = (): void => window.print();
  button?.addEventListener('click', print);
  return { dispose: () => button?.removeEventListener('click', print) };
}
