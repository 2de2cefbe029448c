import '@devolutions/iron-remote-desktop';
import type { NewSessionInfo, UserInteraction } from '@devolutions/iron-remote-desktop';
import { Backend, displayControl, enableCredssp, init } from '@devolutions/iron-remote-desktop-rdp';
import type { Opened } from './openDesktop';
import { copyPicture } from './picture';

const resizeQuietMs = 300;

// A target that follows a resize does so within a second; one that does not gets a new connection.
const resizePatienceMs = 3000;
const smallest = { width: 320, height: 240 };
const largest = 8192;

let ready: Promise<void> | undefined;

/** Loads IronRDP's WebAssembly. Called early, so that it is there when the desktop is. */
export function prepare(): Promise<void> {
  ready ??= init('WARN');
  return ready;
}

/** One IronRDP component in the page: the remote screen. */
export class Screen {
  /** Called when the target does not follow a new size, which a new connection gives it. */
  stuck: () => void = () => undefined;

  private resizing: number | undefined;
  private readonly observer: ResizeObserver;
  private size = { width: 0, height: 0 };
  private live = false;
  private resizes: 'live' | 'reconnect' = 'live';

  private constructor(readonly element: HTMLElement, readonly ui: UserInteraction, private readonly place: HTMLElement) {
    this.observer = new ResizeObserver(() => this.resizeSoon());
    this.observer.observe(place);
  }

  static async create(place: HTMLElement, label: string): Promise<Screen> {
    await prepare();
    const element = document.createElement('iron-remote-desktop');
    element.setAttribute('scale', 'fit');
    element.setAttribute('flexcenter', 'true');
    element.setAttribute('aria-label', label);
    Object.assign(element, { module: Backend });

    // The event comes while the element is being inserted: listening afterwards is too late.
    const ui = await new Promise<UserInteraction>(resolve => {
      element.addEventListener('ready', event => {
        const { irgUserInteraction } = (event as CustomEvent<{ irgUserInteraction: UserInteraction }>).detail;
        // Now, not later: the component chooses its clipboard mode as soon as this event is over.
        irgUserInteraction.setEnableAutoClipboard(false);
        resolve(irgUserInteraction);
      }, { once: true });
      place.replaceChildren(element);
    });
    await clipboardReady();
    return new Screen(element, ui, place);
  }

  async connect(opened: Opened): Promise<NewSessionInfo> {
    this.size = fitting(this.place);
    this.resizes = opened.resize ?? 'live';
    const address = new URL(opened.gateway, location.href);
    address.protocol = 'wss:';
    const config = this.ui.configBuilder()
      // The gateway knows the destination and its account; the browser never does.
      .withDestination('desktop')
      .withUsername('relais')
      .withPassword('relais')
      .withServerDomain('')
      .withProxyAddress(address.href)
      .withAuthToken(opened.token)
      .withDesktopSize(this.size)
      .withExtension(displayControl(this.resizes === 'live'))
      .withExtension(enableCredssp(false))
      .build();
    const session = await this.ui.connect(config);
    this.live = true;
    return session;
  }

  show(): void {
    this.ui.setVisibility(true);
    this.focus();
  }

  focus(): void {
    this.canvas?.focus({ preventScroll: true });
  }

  /** Copies what is on the screen, for when there will be nothing. */
  copyTo(still: HTMLCanvasElement): boolean {
    return copyPicture(this.canvas, still);
  }

  ended(): void {
    this.live = false;
  }

  dispose(): void {
    window.clearTimeout(this.resizing);
    this.observer.disconnect();
    this.live = false;
    this.element.remove();
  }

  private get canvas(): HTMLCanvasElement | null {
    return this.element.shadowRoot?.querySelector('canvas') ?? null;
  }

  private resizeSoon(): void {
    window.clearTimeout(this.resizing);
    this.resizing = window.setTimeout(() => {
      const size = fitting(this.place);
      if (this.live && (size.width !== this.size.width || size.height !== this.size.height)) {
        if (this.resizes === 'reconnect') {
          this.stuck();
          return;
        }

        this.size = size;
        this.ui.resize(size.width, size.height);
        this.resizing = window.setTimeout(() => this.checkSize(), resizePatienceMs);
      }
    }, resizeQuietMs);
  }

  private checkSize(): void {
    const canvas = this.canvas;
    if (this.live && canvas && (canvas.width !== this.size.width || canvas.height !== this.size.height)) {
      this.stuck();
    }
  }
}

/** The page's size in even numbers: MS-RDPEDISP takes no odd widths. */
function fitting(place: HTMLElement): { width: number; height: number } {
  const even = (length: number, least: number) => Math.min(largest, Math.max(least, Math.floor(length / 2) * 2));
  return { width: even(place.clientWidth, smallest.width), height: even(place.clientHeight, smallest.height) };
}

// `ready` fires before the component has set up its clipboard, without which the channel is silently absent. What it awaits is
// this same permission, so that our answer comes after its own; where the browser has none, a moment is all there is.
async function clipboardReady(): Promise<void> {
  try {
    await navigator.permissions.query({ name: 'clipboard-read' as PermissionName });
  } catch {
    await new Promise(resolve => window.setTimeout(resolve, 200));
  }

  await new Promise(resolve => window.setTimeout(resolve, 0));
}
