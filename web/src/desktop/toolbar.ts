import type { ClipboardPolicy } from './clipboard';
import { Keyboard } from './keyboard';
import type { View } from './view';
import { part, type Words } from './words';

const shownAtFirstMs = 4000;

/** The bar at the top: out of the way until the pointer comes near, or Ctrl+Alt+Shift brings the keyboard to it. */
export class Toolbar {
  private readonly root: HTMLElement;
  private readonly fullScreen: HTMLButtonElement;
  private readonly copy: HTMLButtonElement;
  private readonly ctrlAltDel: HTMLElement;
  private view: View | undefined;
  private timer: number | undefined;

  constructor(private readonly page: HTMLElement, private readonly words: Words, private readonly backToScreen: () => void) {
    this.root = part(page, 'toolbar');
    this.fullScreen = part<HTMLButtonElement>(page, 'full-screen');
    this.copy = part<HTMLButtonElement>(page, 'copy');
    this.fullScreen.hidden = !document.fullscreenEnabled;
    this.fullScreen.addEventListener('click', () => void this.toggleFullScreen());
    this.ctrlAltDel = part(page, 'ctrl-alt-del');
    this.ctrlAltDel.addEventListener('click', () => {
      this.view?.ctrlAltDel?.();
      this.backToScreen();
    });
    this.copy.addEventListener('click', () => void this.view?.copy?.takeOut().then(this.backToScreen));
    this.root.addEventListener('keydown', event => this.key(event));
    this.root.addEventListener('focusout', () => this.root.removeAttribute('data-shown'));
    document.addEventListener('fullscreenchange', this.fullScreenChanged);
  }

  connected(name: string, view: View, policy: ClipboardPolicy): void {
    this.view = view;
    this.ctrlAltDel.hidden = !view.ctrlAltDel;
    part(this.page, 'name').textContent = name;
    const directions = policy.in && policy.out ? 'both' : policy.in ? 'in' : policy.out ? 'out' : 'none';
    part(this.page, 'clipboard').textContent = this.words.of(`clipboard.${directions}`);
    this.clipboardChanged();
    this.root.hidden = false;
    this.root.setAttribute('data-shown', '');
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      if (!this.root.contains(document.activeElement)) {
        this.root.removeAttribute('data-shown');
      }
    }, shownAtFirstMs);
  }

  disconnected(): void {
    this.view = undefined;
    this.root.hidden = true;
  }

  clipboardChanged(): void {
    this.copy.hidden = !this.view?.copy?.waiting;
    if (!this.copy.hidden) {
      this.root.setAttribute('data-shown', '');
    }
  }

  /** Gives the keyboard to the bar. */
  take(): void {
    this.root.setAttribute('data-shown', '');
    this.root.querySelector<HTMLElement>('button:not([hidden]), a')?.focus();
  }

  dispose(): void {
    window.clearTimeout(this.timer);
    document.removeEventListener('fullscreenchange', this.fullScreenChanged);
  }

  // Arrows move inside a toolbar, Tab leaves it, Escape goes back to the desktop: the pattern of WAI-ARIA.
  private key(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      // The screen has the focus before the event reaches IronRDP on the window, which would type it in the desktop.
      event.stopPropagation();
      this.backToScreen();
      return;
    }

    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const items = [...this.root.querySelectorAll<HTMLElement>('button:not([hidden]), a')];
    const current = items.indexOf(document.activeElement as HTMLElement);
    if (step !== 0 && current >= 0) {
      event.preventDefault();
      items[(current + step + items.length) % items.length]?.focus();
    }
  }

  private async toggleFullScreen(): Promise<void> {
    if (document.fullscreenElement) {
      await document.exitFullscreen();
    } else {
      await this.page.requestFullscreen({ navigationUI: 'hide' });
      await Keyboard.lock();
    }

    this.backToScreen();
  }

  private readonly fullScreenChanged = () => {
    const full = document.fullscreenElement !== null;
    this.fullScreen.setAttribute('aria-pressed', String(full));
    part(this.fullScreen, 'full-screen-word').textContent = this.words.of(full ? 'full-screen.leave' : 'full-screen');
  };
}
