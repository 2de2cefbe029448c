import '../styles/audience.css';
import { pictureButton } from '../audience/pictureButton';

/** Keeps a page fresh that shows something under way, until it says nothing of it any more; and offers drawings as pictures. */
export function mount(element: HTMLElement): { dispose(): void } {
  // On a narrow screen the tab that is open may lie beyond the edge.
  element.querySelector('.tabs a[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  const marker = element.querySelector<HTMLElement>('[data-refresh]');
  const every = Number(marker?.dataset['refresh'] ?? 0);
  const timer = every > 0 ? window.setTimeout(() => window.location.reload(), every) : 0;
  const drawing = element.querySelector<HTMLAnchorElement>('a[data-drawing]');
  const button = drawing ? pictureButton(drawing) : undefined;
  return {
    dispose: () => {
      window.clearTimeout(timer);
      button?.remove();
    },
  };
}
