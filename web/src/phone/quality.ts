/** How the voice does between here and the voice server; undefined where it is not known. */
export interface Quality {
  rttMs: number | undefined;
  lossPercent: number | undefined;
  jitterMs: number | undefined;
  lossPercentIn: number | undefined;
  jitterMsIn: number | undefined;
  /** Of the time in which nothing was played because the computer was busy. */
  starvedPercent: number | undefined;
  route: string;
}

interface Counts {
  received: number;
  lost: number;
}

/** Reads a connection's statistics; losses are those since the last reading. */
export class QualityReader {
  private connection: RTCPeerConnection | undefined;
  private last: Counts = { received: 0, lost: 0 };
  private lastOut: Counts = { received: 0, lost: 0 };
  private played = { all: 0, missing: 0 };

  async read(connection: RTCPeerConnection): Promise<Quality> {
    if (connection !== this.connection) {
      this.connection = connection;
      this.last = this.lastOut = { received: 0, lost: 0 };
      this.played = { all: 0, missing: 0 };
    }

    const quality: Quality = { rttMs: undefined, lossPercent: undefined, jitterMs: undefined, lossPercentIn: undefined, jitterMsIn: undefined, starvedPercent: undefined, route: 'udp' };
    const report = await connection.getStats();
    let sent = 0;
    let lostThere: number | undefined;
    report.forEach((stat: { type: string } & Record<string, unknown>) => {
      if (stat.type === 'candidate-pair' && stat['nominated'] === true && stat['state'] === 'succeeded') {
        quality.rttMs = inMs(stat['currentRoundTripTime']) ?? quality.rttMs;
        const local = report.get(String(stat['localCandidateId'])) as { candidateType?: string; protocol?: string } | undefined;
        quality.route = local?.candidateType === 'relay' ? 'relay' : (local?.protocol ?? 'udp');
      } else if (stat.type === 'remote-inbound-rtp') {
        quality.jitterMs = inMs(stat['jitter']);
        quality.rttMs ??= inMs(stat['roundTripTime']);
        lostThere = Number(stat['packetsLost'] ?? 0);
      } else if (stat.type === 'outbound-rtp') {
        sent = Number(stat['packetsSent'] ?? 0);
      } else if (stat.type === 'media-playout') {
        const now = { all: Number(stat['totalSamplesDuration'] ?? 0), missing: Number(stat['synthesizedSamplesDuration'] ?? 0) };
        quality.starvedPercent = percent(now.missing - this.played.missing, now.all - this.played.all);
        this.played = now;
      } else if (stat.type === 'inbound-rtp') {
        quality.jitterMsIn = inMs(stat['jitter']);
        const now = { received: Number(stat['packetsReceived'] ?? 0), lost: Number(stat['packetsLost'] ?? 0) };
        quality.lossPercentIn = percent(now.lost - this.last.lost, now.received + now.lost - this.last.received - this.last.lost);
        this.last = now;
      }
    });
    if (lostThere !== undefined) {
      quality.lossPercent = percent(lostThere - this.lastOut.lost, sent - this.lastOut.received);
      this.lastOut = { received: sent, lost: lostThere };
    }

    return quality;
  }
}

/** How many thousand bits come and go in a second, the smaller of both; undefined where it could not be measured. */
export async function bandwidth(address: string, send: (body: string) => Promise<boolean>): Promise<number | undefined> {
  try {
    const begun = performance.now();
    const bytes = (await (await fetch(address, { cache: 'no-store', signal: AbortSignal.timeout(15_000) })).arrayBuffer()).byteLength;
    const down = (bytes * 8) / (performance.now() - begun);
    const chance = new Uint8Array(50_000);
    crypto.getRandomValues(chance);
    const body = JSON.stringify(Array.from(chance, byte => byte.toString(16).padStart(2, '0')).join(''));
    const from = performance.now();
    if (!(await send(body))) {
      return undefined;
    }

    return Math.round(Math.min(down, (body.length * 8) / (performance.now() - from)));
  } catch {
    return undefined;
  }
}

function inMs(seconds: unknown): number | undefined {
  return typeof seconds === 'number' ? Math.round(seconds * 1000) : undefined;
}

function percent(part: number, whole: number): number | undefined {
  return whole > 0 ? Math.round(Math.min(100, Math.max(0, (100 * part) / whole)) * 10) / 10 : undefined;
}
