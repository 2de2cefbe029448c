/**
 * Everything typed over the screen goes to the desktop, except Ctrl+Alt+Shift, which brings the toolbar to the keyboard.
 * On Windows, AltGr arrives as a Ctrl that nobody pressed, then Alt: that Ctrl is taken back, or AltGr+E is not "€".
 */
export class Keyboard {
  private controlAt = -1;

  constructor(private readonly screen: HTMLElement, private readonly toolbarAsked: () => void) {
    // In the capture phase, to come before IronRDP's own listener on the window.
    window.addEventListener('keydown', this.down, true);
    screen.addEventListener('focusout', this.release);
  }

  dispose(): void {
    window.removeEventListener('keydown', this.down, true);
    this.screen.removeEventListener('focusout', this.release);
  }

  /** In full screen, some browsers give up their own shortcuts too (Alt+Tab, Ctrl+W, the Windows key). */
  static async lock(): Promise<void> {
    const keyboard = (navigator as { keyboard?: { lock?(): Promise<void> } }).keyboard;
    await keyboard?.lock?.();
  }

  private readonly down = (event: KeyboardEvent) => {
    if (document.activeElement !== this.screen) {
      return;
    }

    if (event.ctrlKey && event.altKey && event.shiftKey && ['Control', 'Alt', 'Shift'].includes(event.key)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.release();
      this.toolbarAsked();
      return;
    }

    if (event.code === 'ControlLeft') {
      this.controlAt = event.timeStamp;
    } else if (event.code === 'AltRight' && event.ctrlKey && event.timeStamp - this.controlAt < 5) {
      window.dispatchEvent(new KeyboardEvent('keyup', { code: 'ControlLeft', key: 'Control' }));
    }
  };

  // IronRDP lets go of every key when the window loses focus, and so must it when the toolbar takes it:
  // a modifier whose release went elsewhere would stay down in the desktop.
  private readonly release = () => window.dispatchEvent(new Event('blur'));
}
