/** The format of docs/recording-format.md, as the server gives it: in clear. */
export interface Chunk {
  kind: number;
  /** Milliseconds since the recording began. */
  at: number;
  payload: Uint8Array;
}

export const shownKind = 1;
export const sizeKind = 2;
export const endKind = 3;
export const pictureKind = 4;

const headerLength = 16;
const headLength = 13;
const crcLength = 4;

/** What the header says, as far as it matters here. */
export interface Facts {
  clipboard?: boolean;
}

/** The one chunk that these bytes are. */
export function chunkOf(bytes: ArrayBuffer): Chunk {
  return chunkAt(new Uint8Array(bytes), new DataView(bytes), 0);
}

function chunkAt(bytes: Uint8Array, view: DataView, from: number): Chunk {
  const start = from + headLength;
  return {
    kind: view.getUint8(from + 4),
    at: Number(view.getBigUint64(from + 5)) / 1000,
    payload: bytes.slice(start, start + view.getUint32(from)),
  };
}

/** A recording that is being loaded. */
export class Recording {
  readonly chunks: Chunk[] = [];
  /** Whether all of it is here. */
  loaded = false;
  /** Whether it says that nothing is missing at its end. */
  whole = false;

  /** Once the header was read. */
  facts: Facts | undefined;

  private rest = new Uint8Array(0);

  /** How long it is, as far as it was loaded. */
  get length(): number {
    return this.chunks.at(-1)?.at ?? 0;
  }

  /** Reads all of it; `progress` is called after each piece. */
  async load(response: Response, progress: () => void): Promise<void> {
    const reader = response.body?.getReader();
    for (;;) {
      const piece = await reader?.read();
      if (!piece || piece.done) {
        break;
      }

      this.add(piece.value);
      progress();
    }

    this.loaded = true;
    progress();
  }

  private add(piece: Uint8Array): void {
    const bytes = new Uint8Array(this.rest.length + piece.length);
    bytes.set(this.rest);
    bytes.set(piece, this.rest.length);
    const view = new DataView(bytes.buffer);
    let from = 0;
    if (!this.facts) {
      const length = bytes.length < headerLength ? undefined : headerLength + view.getUint32(12) + crcLength;
      if (length === undefined || bytes.length < length) {
        this.rest = bytes;
        return;
      }

      this.facts = JSON.parse(new TextDecoder().decode(bytes.subarray(headerLength, length - crcLength))) as Facts;
      from = length;
    }

    // The server has checked them: what is cut off or damaged does not come.
    while (bytes.length - from >= headLength) {
      const length = view.getUint32(from);
      if (bytes.length - from < headLength + length + crcLength) {
        break;
      }

      const chunk = chunkAt(bytes, view, from);
      this.chunks.push(chunk);
      this.whole ||= chunk.kind === endKind;
      from += headLength + length + crcLength;
    }

    this.rest = bytes.slice(from);
  }
}
