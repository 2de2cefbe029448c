import '../styles/fleet.css';

/** Keeps a page fresh that shows something under way, and lets one box choose all that are shown. */
export function mount(element: HTMLElement): { dispose(): void } {
  const every = Number(element.querySelector<HTMLElement>('[data-refresh]')?.dataset['refresh'] ?? 0);
  const timer = every > 0 ? window.setTimeout(() => window.location.reload(), every) : 0;
  const all = element.querySelector<HTMLInputElement>('input[data-choose-all]');
  const each = [...element.querySelectorAll<HTMLInputElement>('input[data-choose]')];
  const choose = (): void => each.forEach((box) => (box.checked = all?.checked ?? false));
  const follow = (): void => {
    if (!all) return;
    const chosen = each.filter((box) => box.checked).length;
    all.checked = chosen > 0 && chosen === each.length;
    all.indeterminate = chosen > 0 && chosen < each.length;
  };
  all?.addEventListener('change', choose);
  each.forEach((box) => box.addEventListener('change', follow));
  return {
    dispose: () => {
      window.clearTimeout(timer);
      all?.removeEventListener('change', choose);
      each.forEach((box) => box.removeEventListener('change', follow));
    },
  };
}
