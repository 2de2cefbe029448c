import { listen, type Notice } from './notices';

/** Why the gateway ended a session: the close codes of its WebSocket, from docs/remote-screen.md. */
export const endings: Record<number, string> = {
  4001: 'moved',
  4002: 'ended',
  4003: 'withdrawn',
  4004: 'idle',
  4005: 'stopped',
  4006: 'timeOver',
  4007: 'notRecorded',
  4008: 'full',
  4009: 'takenOver',
  4020: 'barred',
  4010: 'passwordRefused',
  4011: 'accountLocked',
  4012: 'passwordExpired',
  4013: 'accountBarred',
  4014: 'notGenuine',
  4015: 'notEntered',
};

// What the page says when it means to come back at once.
export const resuming = 4100;

export interface SocketEnd {
  code: number;
  reason: string;
}

/**
 * IronRDP opens its WebSocket inside WebAssembly and does not say how it was closed. This stands in the constructor's
 * place and watches the sockets that go to the gateway, no others.
 */
export class GatewaySocket {
  private readonly original = window.WebSocket;
  private socket: WebSocket | undefined;
  private end: Promise<SocketEnd> = Promise.resolve({ code: 0, reason: '' });

  constructor(private readonly closing: () => void, private readonly told: (notice: Notice) => void) {
    const watch = (socket: WebSocket) => this.watch(socket);
    window.WebSocket = class extends this.original {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        if (new URL(url, location.href).pathname.startsWith('/gateway/')) {
          watch(this);
        }
      }
    };
  }

  /** How the last socket ended; waits for it if it is about to. */
  async ended(patienceMs: number): Promise<SocketEnd | undefined> {
    return Promise.race([this.end, new Promise<undefined>(resolve => window.setTimeout(resolve, patienceMs, undefined))]);
  }

  /** Ends the connection and not the session. A network that vanished closes nothing for minutes: this does not wait for it. */
  cut(): void {
    this.socket?.close(resuming);
  }

  dispose(): void {
    window.WebSocket = this.original;
  }

  private watch(socket: WebSocket): void {
    this.socket = socket;
    listen(socket, this.told);
    this.end = new Promise(resolve => {
      socket.addEventListener('close', event => {
        // IronRDP lets go of a socket with a close event of its own making, before the real one brings the gateway's code.
        if (!event.isTrusted) {
          return;
        }

        this.closing();
        resolve({ code: event.code, reason: event.reason });
      });
    });
  }
}
