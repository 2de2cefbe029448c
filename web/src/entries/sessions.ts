import type { Mounted } from '../shell/modules';

const everyMs = 10_000;

/** The small pictures of the list of sessions are asked for again while the page is looked at. */
export function mount(element: HTMLElement): Mounted {
  const timer = window.setInterval(() => {
    if (!document.hidden) {
      element.querySelectorAll<HTMLImageElement>('[data-part=picture]').forEach(image => {
        image.src = `${image.src.split('?')[0] ?? ''}?${Date.now()}`;
      });
    }
  }, everyMs);
  return { dispose: () => window.clearInterval(timer) };
}
