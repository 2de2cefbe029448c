import { call, type Answer } from '../console/server';

const GATHER_MS = 3_000;

/** The server did not let us in; its words. */
export class Refusal extends Error {}

/** What a browser needs to find a way for its voice. */
interface IceServers {
  servers: RTCIceServer[];
  iceTransportPolicy: RTCIceTransportPolicy;
}

/** A WebRTC connection to the server's room, whose sound is played; the server takes one offer with all its candidates and gives one answer. */
export async function link(
  microphone: MediaStream,
  sound: HTMLAudioElement,
  routes: string,
  enter: (sdp: string) => Promise<Answer>,
  made: (connection: RTCPeerConnection) => void,
): Promise<void> {
  const answered = await call('GET', routes);
  const ice = answered.status === 200 ? (JSON.parse(answered.body) as IceServers) : { servers: [], iceTransportPolicy: 'all' as const };
  const connection = new RTCPeerConnection({ iceServers: ice.servers, iceTransportPolicy: ice.iceTransportPolicy });
  made(connection);
  microphone.getAudioTracks().forEach(track => connection.addTrack(track, microphone));
  connection.addEventListener('track', event => (sound.srcObject = event.streams[0] ?? new MediaStream([event.track])));
  await connection.setLocalDescription(await connection.createOffer());
  await gathered(connection);
  const answer = await enter(connection.localDescription?.sdp ?? '');
  if (answer.status !== 200) {
    throw new Refusal(detail(answer));
  }

  await connection.setRemoteDescription({ type: 'answer', sdp: (JSON.parse(answer.body) as { sdp: string }).sdp });
}

/** What the server said for a person. */
export function detail(answer: Answer): string {
  try {
    return (JSON.parse(answer.body) as { detail?: string }).detail ?? '';
  } catch {
    return '';
  }
}

/** Why the microphone could not be had, as the name of our words for it; undefined for another error. */
export function microphoneFault(error: unknown): string | undefined {
  if (!(error instanceof DOMException)) {
    return undefined;
  }

  return error.name === 'NotFoundError' || error.name === 'OverconstrainedError' ? 'noMicrophone' : 'denied';
}

async function gathered(connection: RTCPeerConnection): Promise<void> {
  if (connection.iceGatheringState === 'complete') {
    return;
  }

  await new Promise<void>(resolve => {
    const late = window.setTimeout(resolve, GATHER_MS);
    connection.addEventListener('icegatheringstatechange', () => {
      if (connection.iceGatheringState === 'complete') {
        window.clearTimeout(late);
        resolve();
      }
    });
  });
}
