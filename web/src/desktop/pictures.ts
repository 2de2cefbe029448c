import type { Notice } from './notices';
import type { View } from './view';

// What has arrived before the question is drawn by then.
const drawnWithinMs = 400;
const smallEveryMs = 10_000;
const smallWidth = 320;
const wholeBytes = 2_000_000;

/**
 * Pictures of what the page shows, for the institute: a small one now and then while the session is recorded, and a whole one for somebody
 * whom the person let watch, who would otherwise see only what changes.
 */
export class Pictures {
  private readonly canvas = document.createElement('canvas');
  private timer: number | undefined;

  constructor(private readonly form: string, private readonly view: () => View | undefined, private readonly session: () => string | undefined) {
  }

  told(notice: Notice): void {
    switch (notice.notice) {
      case 'picture-wanted':
        window.setTimeout(() => void this.sendWhole(notice.id ?? ''), drawnWithinMs);
        break;
      case 'recorded':
        this.stop();
        this.timer = window.setInterval(() => void this.sendSmall(), smallEveryMs);
        window.setTimeout(() => void this.sendSmall(), drawnWithinMs * 5);
        break;
      case 'not-recorded':
        this.stop();
        break;
      default:
        break;
    }
  }

  stop(): void {
    window.clearInterval(this.timer);
    this.timer = undefined;
  }

  private async sendWhole(watch: string): Promise<void> {
    if (!this.view()?.copyTo(this.canvas)) {
      return;
    }

    // Letters stay sharp in PNG; a photograph on the whole screen would take too long to go up.
    const sharp = await blob(this.canvas, 'image/png');
    await this.send(`/api/gateway/watches/${watch}/picture`, sharp && sharp.size <= wholeBytes ? sharp : await blob(this.canvas, 'image/jpeg', 0.9));
  }

  private async sendSmall(): Promise<void> {
    const view = this.view();
    if (this.timer === undefined || document.hidden || !(view?.paint?.(this.canvas) ?? view?.copyTo(this.canvas))) {
      return;
    }

    const small = document.createElement('canvas');
    small.width = smallWidth;
    small.height = Math.max(1, Math.round(smallWidth * this.canvas.height / this.canvas.width));
    const context = small.getContext('2d');
    if (context) {
      context.imageSmoothingQuality = 'high';
      context.drawImage(this.canvas, 0, 0, small.width, small.height);
      await this.send(`/api/gateway/sessions/${this.session() ?? ''}/picture`, await blob(small, 'image/jpeg', 0.7));
    }
  }

  private async send(path: string, picture: Blob | null): Promise<void> {
    if (picture) {
      // One that does not arrive is followed by another, or asked for again.
      await fetch(path, { method: 'POST', headers: { RequestVerificationToken: this.form }, body: picture, redirect: 'error' }).catch(() => undefined);
    }
  }
}

function blob(canvas: HTMLCanvasElement, type: string, quality?: number): Promise<Blob | null> {
  return new Promise(resolve => canvas.toBlob(resolve, type, quality));
}
