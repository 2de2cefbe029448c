import type { Copy } from './view';

export interface ClipboardPolicy {
  /** From this computer into the desktop. */
  in: boolean;
  /** From the desktop to this computer. */
  out: boolean;
}

/** The remote end of a clipboard, as IronRDP offers it. */
export interface ClipboardEnd {
  setEnableClipboard(enable: boolean): void;
  onClipboardRemoteUpdateCallback(callback: () => void): void;
  saveRemoteClipboardData(): Promise<void>;
  sendClipboardData(): Promise<void>;
  ctrlV(): void;
}

// How long a paste waits for the local clipboard before it goes on without.
const patienceMs = 400;

/**
 * The clipboard, each way only if the policy allows it. IronRDP's own mode reads the local clipboard ten times a second
 * and knows no directions, so its manual mode is used: what was copied in the desktop comes out at once if the browser
 * lets it, and what was copied here goes in when the desktop gets the focus, or with Ctrl+V.
 */
export class Clipboard implements Copy {
  /** Something was copied in the desktop and the browser wants a click before it may come out. */
  waiting = false;

  constructor(
    private readonly screen: HTMLElement,
    private readonly ui: ClipboardEnd,
    private readonly policy: ClipboardPolicy,
    private readonly changed: () => void) {
    ui.setEnableClipboard(policy.in || policy.out);
    ui.onClipboardRemoteUpdateCallback(() => void this.takeOut());
    screen.addEventListener('focusin', this.focused);
    window.addEventListener('focus', this.focused);
    window.addEventListener('keydown', this.paste, true);
  }

  dispose(): void {
    this.screen.removeEventListener('focusin', this.focused);
    window.removeEventListener('focus', this.focused);
    window.removeEventListener('keydown', this.paste, true);
  }

  async takeOut(): Promise<void> {
    if (this.policy.out) {
      this.waiting = !(await succeeds(this.ui.saveRemoteClipboardData()));
      this.changed();
    }
  }

  private readonly focused = () => {
    if (this.policy.in && document.hasFocus()) {
      void allowed().then(yes => (yes ? succeeds(this.ui.sendClipboardData()) : false));
    }
  };

  private readonly paste = (event: KeyboardEvent) => {
    const pasting = event.code === 'KeyV' && event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey && !event.repeat;
    if (!pasting || !this.policy.in || document.activeElement !== this.screen || !event.isTrusted) {
      return;
    }

    event.preventDefault();
    event.stopImmediatePropagation();
    const sent = succeeds(this.ui.sendClipboardData());
    const late = new Promise(resolve => window.setTimeout(resolve, patienceMs));
    void Promise.race([sent, late]).then(() => this.ui.ctrlV());
  };
}

/** Whether the browser lets us read without asking the person first. */
async function allowed(): Promise<boolean> {
  try {
    const permission = await navigator.permissions.query({ name: 'clipboard-read' as PermissionName });
    return permission.state === 'granted';
  } catch {
    // Firefox has no such permission: it asks each time, so only a paste may ask.
    return false;
  }
}

async function succeeds(action: Promise<void>): Promise<boolean> {
  try {
    await action;
    return true;
  } catch {
    // No permission, no focus, or nothing of a kind that can be carried: the clipboard stays as it is.
    return false;
  }
}
