import '../styles/fleet.css';

/** Keeps a page fresh that shows something under way, lets one box choose all that are shown, and says how many are chosen. */
export function mount(element: HTMLElement): { dispose(): void } {
  const every = Number(element.querySelector<HTMLElement>('[data-refresh]')?.dataset['refresh'] ?? 0);
  const timer = every > 0 ? window.setTimeout(() => window.location.reload(), every) : 0;
  const stop = new AbortController();
  const listen = (target: HTMLElement | null, work: () => void): void => target?.addEventListener('change', work, { signal: stop.signal });
  const all = element.querySelector<HTMLInputElement>('input[data-choose-all]');
  const each = [...element.querySelectorAll<HTMLInputElement>('input[data-choose]')];
  const everything = element.querySelector<HTMLInputElement>('#act [name=Everything]');
  const action = element.querySelector<HTMLSelectElement>('#act [name=Do]');
  const said = element.querySelector<HTMLElement>('[data-chosen]');
  const follow = (): void => {
    const chosen = each.filter((box) => box.checked).length;
    if (all) {
      all.checked = chosen > 0 && chosen === each.length;
      all.indeterminate = chosen > 0 && chosen < each.length;
    }

    if (said) said.textContent = chosen > 0 && !everything?.checked ? (said.dataset['word'] ?? '{0}').replace('{0}', String(chosen)) : '';
  };
  // Only what the action asks for; without this script all of it is there.
  const ask = (): void => element.querySelectorAll<HTMLElement>('[data-for]').forEach((field) => (field.hidden = !field.dataset['for']?.split(' ').includes(action?.value ?? '')));
  listen(all, () => {
    each.forEach((box) => (box.checked = all?.checked ?? false));
    follow();
  });
  each.forEach((box) => listen(box, follow));
  listen(everything, follow);
  listen(action, ask);
  // A browser that comes back keeps what was chosen.
  follow();
  if (action) ask();
  return {
    dispose: () => {
      window.clearTimeout(timer);
      stop.abort();
    },
  };
}
