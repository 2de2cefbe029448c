import RFB from '@novnc/novnc';
import { shownKind, type Chunk } from './recording';
import { RecordedSocket } from './recordedSocket';
import type { Stage } from './stage';

// RFB 3.8 up to where recordings begin (RFC 6143, 7.1): version, one security type, its result.
const beginning = [new TextEncoder().encode('RFB 003.008\n'), new Uint8Array([1, 1]), new Uint8Array(4)];

export function createVncStage(place: HTMLElement): Stage {
  const socket = new RecordedSocket();
  const rfb = new RFB(place, socket as unknown as WebSocket, { shared: true });
  rfb.viewOnly = true;
  rfb.scaleViewport = true;
  beginning.forEach(bytes => socket.feed(bytes));
  return {
    feed: ({ kind, payload }: Chunk) => {
      if (kind === shownKind) {
        socket.feed(payload);
      }
    },
    dispose: () => {
      rfb.disconnect();
      place.replaceChildren();
    },
  };
}
