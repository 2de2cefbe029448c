import { part, type Words } from './words';

interface Entry {
  name: string;
  bytes: number;
  modified: string;
  refused?: string | null;
}

interface Listing {
  in: boolean;
  out: boolean;
  largestBytes: number;
  types: string[];
  folder: string;
  files: Entry[];
}

/** The panel through which files go into the desktop and come out of it. The server holds the rules; here they are only said early. */
export class Files {
  private readonly button: HTMLButtonElement;
  private readonly panel: HTMLDialogElement;
  private readonly input: HTMLInputElement;
  private readonly stop = new AbortController();

  constructor(
    page: HTMLElement, private readonly words: Words, private readonly address: string, private readonly form: string,
    private readonly backToScreen: () => void) {
    this.button = part<HTMLButtonElement>(page, 'files');
    this.panel = part<HTMLDialogElement>(page, 'files-panel');
    this.input = part<HTMLInputElement>(this.panel, 'files-input');
    this.button.addEventListener('click', () => {
      this.panel.showModal();
      void this.list();
    });
    part(this.panel, 'files-again').addEventListener('click', () => void this.list());
    part(this.panel, 'files-close').addEventListener('click', () => this.panel.close());
    this.panel.addEventListener('close', () => this.backToScreen());
    // Keys belong to the panel while it is open, and not to the desktop, which listens on the window.
    for (const kind of ['keydown', 'keyup'] as const) {
      this.panel.addEventListener(kind, event => event.stopPropagation());
    }

    this.input.addEventListener('change', () => {
      const chosen = [...(this.input.files ?? [])];
      this.input.value = '';
      void this.bring(chosen);
    });
  }

  connected(open: { in: boolean; out: boolean } | undefined): void {
    this.button.hidden = !open;
    part(this.panel, 'files-in').hidden = !open?.in;
    part(this.panel, 'files-out').hidden = !open?.out;
  }

  dispose(): void {
    this.stop.abort();
  }

  private async list(): Promise<void> {
    try {
      const response = await fetch(this.address, { headers: { Accept: 'application/json' }, signal: this.stop.signal });
      if (!response.ok) {
        this.say(await reason(response) ?? this.words.of('files.broken'));
        return;
      }

      this.say(undefined);
      this.draw((await response.json()) as Listing);
    } catch {
      this.say(this.words.of('files.broken'));
    }
  }

  private draw(listing: Listing): void {
    part(this.panel, 'files-lead').textContent = this.words.of('files.lead', listing.folder);
    part(this.panel, 'files-rules').textContent = this.words.of('files.rules', this.size(listing.largestBytes), listing.types.join(', '));
    const none = part(this.panel, 'files-none');
    none.textContent = this.words.of('files.none', listing.folder);
    none.hidden = listing.files.length > 0;
    this.input.accept = listing.types.map(type => `.${type}`).join(',');
    part(this.panel, 'files-list').replaceChildren(...listing.files.map(file => this.row(file)));
  }

  private row(file: Entry): HTMLLIElement {
    const row = document.createElement('li');
    const fact = span(file.refused ?? this.size(file.bytes), 'hint');
    row.append(span(file.name, 'file'), fact);
    if (!file.refused) {
      const take = button(this.words.of('files.take.word'), this.words.of('files.take', file.name));
      take.addEventListener('click', () => void this.take(file, take, fact, save));
      row.append(take);
      if (/\.pdf$/i.test(file.name)) {
        const open = button(this.words.of('files.open.word'), this.words.of('files.open', file.name));
        open.addEventListener('click', () => void this.take(file, open, fact, show));
        row.append(open);
      }
    }

    return row;
  }

  private async take(file: Entry, take: HTMLButtonElement, fact: HTMLElement, use: (url: string, name: string) => void): Promise<void> {
    take.disabled = true;
    fact.textContent = this.words.of('files.taking');
    try {
      const response = await fetch(`${this.address}/content?name=${encodeURIComponent(file.name)}`, { signal: this.stop.signal });
      if (!response.ok) {
        fact.textContent = await reason(response) ?? this.words.of('files.broken');
        return;
      }

      // The server looked at what it is; only the type is said here, because a browser shows no attachment.
      const url = URL.createObjectURL(new Blob([await response.blob()], { type: use === show ? 'application/pdf' : 'application/octet-stream' }));
      use(url, file.name);
      window.setTimeout(() => URL.revokeObjectURL(url), 10 * 60_000);
      fact.textContent = this.size(file.bytes);
    } catch {
      fact.textContent = this.words.of('files.broken');
    } finally {
      take.disabled = false;
    }
  }

  // One after the other: a home line of an interviewer carries a call besides.
  private async bring(files: File[]): Promise<void> {
    const waiting = files.map(file => ({ file, row: this.transfer(file) }));
    for (const { file, row } of waiting) {
      await this.send(file, row);
    }

    await this.list();
  }

  private transfer(file: File): Transfer {
    const row = document.createElement('li');
    const bar = document.createElement('progress');
    bar.max = 1;
    bar.setAttribute('aria-label', file.name);
    const fact = span(this.size(file.size), 'hint');
    const cancel = button(this.words.of('files.cancel.word'), this.words.of('files.cancel', file.name));
    const transfer: Transfer = { bar, fact, cancel, given: false };
    cancel.addEventListener('click', () => {
      transfer.given = true;
      transfer.request?.abort();
      this.over(transfer, this.words.of('files.cancelled'));
    });
    row.append(span(file.name, 'file'), fact, bar, cancel);
    part(this.panel, 'files-transfers').append(row);
    return transfer;
  }

  // Only XMLHttpRequest tells how much has gone.
  private send(file: File, transfer: Transfer): Promise<void> {
    if (transfer.given) {
      return Promise.resolve();
    }

    return new Promise(resolve => {
      const request = new XMLHttpRequest();
      transfer.request = request;
      request.open('PUT', `${this.address}?name=${encodeURIComponent(file.name)}`);
      request.setRequestHeader('Content-Type', 'application/octet-stream');
      request.setRequestHeader('RequestVerificationToken', this.form);
      request.upload.addEventListener('progress', event => {
        transfer.bar.value = event.loaded / Math.max(event.total, 1);
        transfer.fact.textContent = this.words.of('files.sending', Math.round(transfer.bar.value * 100));
      });
      request.upload.addEventListener('load', () => {
        transfer.fact.textContent = this.words.of('files.placing');
        transfer.bar.removeAttribute('value');
        transfer.cancel.hidden = true;
      });
      request.addEventListener('load', () => {
        const told = request.status === 200 ? this.words.of('files.done') : detail(request.responseText) ?? this.words.of('files.broken');
        this.over(transfer, told, request.status !== 200);
      });
      request.addEventListener('error', () => this.over(transfer, this.words.of('files.broken'), true));
      request.addEventListener('loadend', () => resolve());
      this.stop.signal.addEventListener('abort', () => request.abort());
      request.send(file);
    });
  }

  private over(transfer: Transfer, told: string, wrong = false): void {
    transfer.bar.remove();
    transfer.cancel.remove();
    transfer.fact.textContent = told;
    transfer.fact.classList.toggle('error', wrong);
  }

  private say(wrong: string | undefined): void {
    const error = part(this.panel, 'files-error');
    error.textContent = wrong ?? '';
    error.hidden = !wrong;
  }

  private size(bytes: number): string {
    const number = (value: number) => value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: value < 10 ? 1 : 0 });
    return bytes < 1_000_000 ? this.words.of('files.unit.small', number(Math.max(bytes / 1000, 0.1))) : this.words.of('files.unit', number(bytes / 1_000_000));
  }
}

interface Transfer {
  bar: HTMLProgressElement;
  fact: HTMLElement;
  cancel: HTMLButtonElement;
  given: boolean;
  request?: XMLHttpRequest;
}

function save(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

/** In the browser's own viewer, which also prints. */
export function show(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.target = '_blank';
  link.rel = 'noopener';
  link.click();
}

function span(text: string, name: string): HTMLSpanElement {
  const element = document.createElement('span');
  element.className = name;
  element.textContent = text;
  return element;
}

function button(text: string, label: string): HTMLButtonElement {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  element.setAttribute('aria-label', label);
  return element;
}

export async function reason(response: Response): Promise<string | undefined> {
  return detail(await response.text());
}

function detail(problem: string): string | undefined {
  try {
    return (JSON.parse(problem) as { detail?: string }).detail;
  } catch {
    return undefined;
  }
}
