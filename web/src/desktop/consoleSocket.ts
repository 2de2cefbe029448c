import { resuming, type SocketEnd } from './gatewaySocket';
import { listen, type Notice } from './notices';
import type { Opened } from './openDesktop';

/**
 * The WebSocket of a VNC screen or a terminal. Its first message is the one-time token; the gateway answers "ready" once it has entered the
 * target, or closes and says why.
 */
export class ConsoleSocket {
  private readonly end: Promise<SocketEnd>;

  private constructor(readonly socket: WebSocket, closing: () => void) {
    this.end = new Promise(resolve => {
      socket.addEventListener('close', event => {
        closing();
        resolve({ code: event.code, reason: event.reason });
      });
    });
  }

  static open(opened: Opened, closing: () => void, told: (notice: Notice) => void): ConsoleSocket {
    const address = new URL(opened.gateway, location.href);
    address.protocol = 'wss:';
    const socket = new WebSocket(address);
    socket.binaryType = 'arraybuffer';
    listen(socket, told);
    return new ConsoleSocket(socket, closing);
  }

  /** Resolves in the same turn as the answer arrives, so that whoever listens then misses nothing. */
  enter(hello: { token: string; columns?: number; rows?: number }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.onopen = () => this.socket.send(JSON.stringify(hello));
      this.socket.onclose = event => reject(new Error(`The gateway closed: ${event.code}`));
      this.socket.onmessage = () => {
        this.socket.onmessage = this.socket.onclose = null;
        resolve();
      };
    });
  }

  async ended(patienceMs: number): Promise<SocketEnd | undefined> {
    return Promise.race([this.end, new Promise<undefined>(resolve => window.setTimeout(resolve, patienceMs, undefined))]);
  }

  /** Whether the target said goodbye in good order. */
  async over(): Promise<void> {
    const end = await this.end;
    if (end.code !== 1000) {
      throw new Error(`The connection ended: ${end.code}`);
    }
  }

  cut(): void {
    this.socket.close(resuming);
  }

  close(): void {
    this.socket.close();
  }
}
