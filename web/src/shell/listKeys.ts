/**
 * Keys for lists, as in a mail reader: j and k move over the rows of the first table with `data-keys`,
 * Enter follows the row's first link, "/" goes to the search field, Escape leaves it.
 */
export function listKeys(): void {
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
      return;
    }

    const focused = document.activeElement;
    if (isTyping(focused)) {
      if (event.key === 'Escape' && focused instanceof HTMLElement && focused.matches('[type=search]')) {
        focused.blur();
      }

      return;
    }

    if (event.key === '/') {
      const search = document.querySelector<HTMLInputElement>('main input[type=search]');
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    } else if (event.key === 'j' || event.key === 'k') {
      move(event.key === 'j' ? 1 : -1);
    } else if (event.key === 'Enter' && focused?.matches('table[data-keys] tbody tr')) {
      focused.querySelector<HTMLAnchorElement>('a[href]')?.click();
    }
  });
}

function move(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('table[data-keys] tbody tr')];
  const current = rows.findIndex(row => row.contains(document.activeElement));
  const next = rows[current < 0 ? (step > 0 ? 0 : rows.length - 1) : current + step];
  if (next) {
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: 'nearest' });
  }
}

function isTyping(element: Element | null): boolean {
  return element instanceof HTMLElement
    && (element.isContentEditable || element.matches('input:not([type=checkbox], [type=radio]), textarea, select'));
}
