/**
 * Stands where a client expects a WebSocket: what it sends goes nowhere, and what it gets is fed by hand. It has what noVNC and IronRDP ask
 * of one.
 */
export class RecordedSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;

  binaryType: BinaryType = 'arraybuffer';
  readonly protocol = '';
  readonly extensions = '';
  readonly bufferedAmount = 0;
  readyState: number = RecordedSocket.OPEN;
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;

  constructor(readonly url = '') {
    super();
  }

  send(): void {
    // Nobody is at the other end.
  }

  close(): void {
    if (this.readyState !== RecordedSocket.CLOSED) {
      this.readyState = RecordedSocket.CLOSED;
      const event = new CloseEvent('close', { code: 1000, wasClean: true });
      this.onclose?.(event);
      this.dispatchEvent(event);
    }
  }

  opened(): void {
    const event = new Event('open');
    this.onopen?.(event);
    this.dispatchEvent(event);
  }

  feed(bytes: Uint8Array): void {
    if (this.readyState === RecordedSocket.OPEN) {
      const event = new MessageEvent('message', { data: bytes.slice().buffer });
      this.onmessage?.(event);
      this.dispatchEvent(event);
    }
  }
}
