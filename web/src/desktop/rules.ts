import type { Rule } from './openDesktop';
import { part, type Words } from './words';

/** Says what passes between the session and this device, what is closed and by whom. The server wrote it in the reader's language. */
export class Rules {
  private readonly button: HTMLButtonElement;
  private readonly panel: HTMLDialogElement;

  constructor(page: HTMLElement, private readonly words: Words, backToScreen: () => void) {
    this.button = part<HTMLButtonElement>(page, 'rules');
    this.panel = part<HTMLDialogElement>(page, 'rules-panel');
    this.button.addEventListener('click', () => this.panel.showModal());
    this.panel.addEventListener('close', backToScreen);
    // Keys belong to the panel while it is open, and not to the desktop, which listens on the window.
    for (const kind of ['keydown', 'keyup'] as const) {
      this.panel.addEventListener(kind, event => event.stopPropagation());
    }
  }

  connected(rules: Rule[]): void {
    this.button.hidden = rules.length === 0;
    part(this.panel, 'rules-list').replaceChildren(...rules.flatMap(rule => {
      const what = document.createElement('dt');
      const state = document.createElement('span');
      state.className = 'badge';
      state.dataset.state = rule.state;
      state.textContent = this.words.of(`rules.${rule.state}`);
      what.append(rule.what, ' ', state);
      const words = document.createElement('dd');
      words.textContent = rule.words;
      return [what, words];
    }));
  }
}
