/** A key that the console takes: its name as KeyboardEvent has it. */
export type KeyTaken = (key: string) => void;

// Keys that mean something outside of a text field. F2, F4 and F8 alone among the function keys: browsers use the others.
const COMMANDS = new Set(['Enter', 'Backspace', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', ' ', 'F2', 'F4', 'F8', 'Escape', 'Delete', 'PageUp', 'PageDown', 'Home', 'End']);

const LETTER = /^[\p{L}\p{N}]$/u;

/**
 * Hands the console its keys. In a text field only those that the field does not need: Enter, F2, F4, F8, Escape, Backspace when there is nothing
 * to delete, page up and down, and the arrows up and down where the field lists something (data-list). A control that is focused keeps Enter and the space bar.
 */
export function takeKeys(taken: KeyTaken): void {
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) {
      return;
    }

    if (wanted(event.key, event.target)) {
      event.preventDefault();
      taken(event.key);
    }
  });
}

function wanted(key: string, target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) {
    return false;
  }

  if (key === 'F2' || key === 'F4' || key === 'F8' || key === 'Escape') {
    return true;
  }

  // What lies over the question has the letters and numbers, even where the question's field keeps the focus.
  const over = document.querySelector('.panel-over');
  if (over && !over.contains(target)) {
    return COMMANDS.has(key) || LETTER.test(key);
  }

  if (target.closest('dialog[open], [data-own-keys]')) {
    return false;
  }

  if (target.matches('textarea, select')) {
    return false;
  }

  if (target.matches('input:not([type=radio], [type=checkbox])')) {
    const field = target as HTMLInputElement;
    return key === 'Enter' || key === 'PageUp' || key === 'PageDown'
      || (key === 'Backspace' && field.value === '')
      || ('list' in field.dataset && (key === 'ArrowUp' || key === 'ArrowDown'));
  }

  if (target.matches('button, a[href], summary') && (key === 'Enter' || key === ' ')) {
    return false;
  }

  return COMMANDS.has(key) || LETTER.test(key);
}
