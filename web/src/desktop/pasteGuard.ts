import type { Terminal } from '@xterm/xterm';
import type { ClipboardPolicy } from './clipboard';
import type { Page } from './view';
import { part } from './words';

const shownLines = 8;

/**
 * A shell runs each pasted line at once, and a web page may put more into a copy than it showed: several lines are shown and asked about first.
 * Control characters never pass, because they could end the brackets by which a shell knows what is pasted.
 */
export class PasteGuard {
  private readonly dialog: HTMLDialogElement;
  private text = '';

  constructor(private readonly page: Page, private readonly box: HTMLElement, private readonly terminal: Terminal, private readonly policy: ClipboardPolicy) {
    this.dialog = part<HTMLDialogElement>(page.root, 'paste');
    // In the capture phase, to come before xterm's own listeners.
    box.addEventListener('paste', this.pasted, true);
    box.addEventListener('copy', this.copied, true);
    this.dialog.addEventListener('submit', this.answered);
    this.dialog.addEventListener('close', this.closed);
    terminal.attachCustomKeyEventHandler(event => this.key(event));
  }

  dispose(): void {
    this.box.removeEventListener('paste', this.pasted, true);
    this.box.removeEventListener('copy', this.copied, true);
    this.dialog.removeEventListener('submit', this.answered);
    this.dialog.removeEventListener('close', this.closed);
    this.dialog.close();
  }

  private readonly pasted = (event: ClipboardEvent) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const text = printable(event.clipboardData?.getData('text/plain') ?? '');
    if (!this.policy.in || text.length === 0) {
      return;
    }

    const lines = text.replace(/\n+$/, '').split('\n');
    if (lines.length === 1 && !text.includes('\n')) {
      this.terminal.paste(text);
      return;
    }

    this.text = text;
    part(this.dialog, 'paste-title').textContent = this.page.text('paste.title', lines.length);
    part(this.dialog, 'paste-text').textContent = lines.slice(0, shownLines).join('\n') + (lines.length > shownLines ? '\n…' : '');
    this.dialog.showModal();
  };

  // Here and not when the dialog has closed: a key that is struck right behind the answer comes after what was pasted.
  private readonly answered = (event: SubmitEvent) => {
    if ((event.submitter as HTMLButtonElement | null)?.value === 'paste' && this.text) {
      this.terminal.paste(this.text);
    }
  };

  private readonly closed = () => {
    this.text = '';
    this.terminal.focus();
  };

  private readonly copied = (event: ClipboardEvent) => {
    if (!this.policy.out) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };

  // Ctrl+C is the shell's; Ctrl+Shift+C copies, as in other terminals. Ctrl+Shift+V is the browser's own paste.
  private key(event: KeyboardEvent): boolean {
    const together = event.type === 'keydown' && event.ctrlKey && event.shiftKey && !event.altKey;
    if (together && event.code === 'KeyC') {
      event.preventDefault();
      if (this.policy.out && this.terminal.hasSelection()) {
        void navigator.clipboard.writeText(this.terminal.getSelection());
      }

      return false;
    }

    return !(together && event.code === 'KeyV');
  }
}

function printable(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
