const slant = -Math.PI / 9;
const gapX = 120;
const gapY = 130;

/**
 * The person's name, login and the minute over the picture. It keeps nobody from taking a photograph: it says whose it is. Whoever takes it
 * out of the page finds it there again; whoever changes the page's script does not, and no page can help that.
 */
export class Watermark {
  private text: string | undefined;
  private canvas: HTMLCanvasElement | undefined;
  private timer: number | undefined;
  private readonly sizes = new ResizeObserver(() => this.draw());
  private readonly changes = new MutationObserver(() => this.keep());

  constructor(private readonly page: HTMLElement) {}

  show(text: string | undefined): void {
    if (!text) {
      this.hide();
      return;
    }

    this.text = text;
    this.sizes.observe(this.page);
    this.place();
    this.everyMinute();
  }

  hide(): void {
    this.text = undefined;
    window.clearTimeout(this.timer);
    this.sizes.disconnect();
    this.changes.disconnect();
    this.canvas?.remove();
    this.canvas = undefined;
  }

  private keep(): void {
    const canvas = this.canvas;
    if (canvas?.parentElement !== this.page || canvas.hasAttribute('style') || canvas.className !== 'remote-watermark' || canvas.hidden) {
      this.place();
    }
  }

  private place(): void {
    this.changes.disconnect();
    this.canvas?.remove();
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'remote-watermark';
    this.canvas.setAttribute('aria-hidden', 'true');
    this.page.append(this.canvas);
    this.draw();
    this.changes.observe(this.page, { childList: true });
    this.changes.observe(this.canvas, { attributes: true, attributeFilter: ['style', 'class', 'hidden'] });
  }

  private everyMinute(): void {
    window.clearTimeout(this.timer);
    this.draw();
    this.timer = window.setTimeout(() => this.everyMinute(), 60_000 - (Date.now() % 60_000));
  }

  private draw(): void {
    const canvas = this.canvas;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || !this.text) {
      return;
    }

    const scale = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = this.page;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const words = `${this.text} · ${minute(new Date())}`;
    canvas.dataset.text = words;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.translate(width / 2, height / 2);
    context.rotate(slant);
    context.font = '600 17px "Segoe UI", system-ui, sans-serif';
    context.textAlign = 'center';
    context.lineWidth = 2;
    context.lineJoin = 'round';
    // Light letters with a dark rim are read on either ground.
    context.strokeStyle = 'rgb(0 0 0 / 16%)';
    context.fillStyle = 'rgb(255 255 255 / 22%)';
    const step = context.measureText(words).width + gapX;
    const reach = Math.hypot(width, height) / 2 + step;
    for (let row = 0, y = -reach; y < reach; y += gapY, row++) {
      for (let x = -reach + (row % 2) * (step / 2); x < reach; x += step) {
        context.strokeText(words, x, y);
        context.fillText(words, x, y);
      }
    }
  }
}

const two = (number: number) => String(number).padStart(2, '0');

const minute = (at: Date) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
