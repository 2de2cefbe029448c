import { frameOf } from './wholePicture';

const bitmapUpdate = 1;
const rectangleHeader = 18;
const compressed = 0x0001;
const noHeader = 0x0400;
const bytesOfPicture = 30_000; // what one fast-path frame carries, with room for its headers

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly drawn: number;
  readonly bits: number;
  readonly flags: number;
  readonly data: Uint8Array;
}

/**
 * Frames as IronRDP draws them right: it ignores what pads the rows of a bitmap, and knows no uncompressed ones of 32 bits. Such updates are
 * written anew; all else, and bytes that are not whole frames, stay as they are.
 */
export function drawable(frames: Uint8Array): Uint8Array[] {
  const all: Uint8Array[] = [];
  for (let at = 0; at < frames.length;) {
    const length = lengthOf(frames.subarray(at));
    if (length < 3 || at + length > frames.length) {
      return [frames];
    }

    all.push(frames.subarray(at, at + length));
    at += length;
  }

  return all.flatMap(frame => anew(frame) ?? [frame]);
}

function lengthOf(frame: Uint8Array): number {
  const [first = 0, second = 0, third = 0, fourth = 0] = frame;
  if (first === 3) {
    return third << 8 | fourth;
  }

  return second & 0x80 ? (second & 0x7F) << 8 | third : second;
}

function anew(frame: Uint8Array): Uint8Array[] | undefined {
  const rectangles = rectanglesOf(frame);
  if (!rectangles?.some(one => one.bits === 32 && (one.width !== one.drawn || !(one.flags & compressed)))) {
    return undefined;
  }

  const frames: Uint8Array[] = [];
  for (const one of rectangles) {
    const pixels = one.bits !== 32 ? undefined : one.flags & compressed ? planes(one) : raw(one);
    if (!pixels) {
      return undefined;
    }

    const rows = Math.max(1, Math.floor(bytesOfPicture / (3 * one.drawn)));
    for (let y = 0; y < one.height; y += rows) {
      const height = Math.min(rows, one.height - y);
      const data = pixels.subarray(4 * y * one.drawn, 4 * (y + height) * one.drawn);
      frames.push(frameOf({ width: one.drawn, height, data }, one.left, one.top + y));
    }
  }

  return frames;
}

// [MS-RDPBCGR] 2.2.9.1.2.1 and 2.2.9.1.1.3.1.2: one update in one piece.
function rectanglesOf(frame: Uint8Array): Rectangle[] | undefined {
  const header = (frame[1] ?? 0) & 0x80 ? 3 : 2;
  if (((frame[0] ?? 3) & 3) !== 0 || frame[header] !== bitmapUpdate || frame.length < header + 7) {
    return undefined;
  }

  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const rectangles: Rectangle[] = [];
  let at = header + 7;
  for (let count = view.getUint16(header + 5, true); count > 0; count--) {
    if (at + rectangleHeader > frame.length) {
      return undefined;
    }

    const [left, top, right, bottom, width, height, bits, flags, length] =
      Array.from({ length: 9 }, (_, i) => view.getUint16(at + 2 * i, true)) as [number, number, number, number, number, number, number, number, number];
    const skipped = flags & compressed && !(flags & noHeader) ? 8 : 0;
    const data = frame.subarray(at + rectangleHeader + skipped, at + rectangleHeader + length);
    const drawn = right - left + 1;
    if (at + rectangleHeader + length > frame.length || drawn < 1 || drawn > width || bottom - top + 1 !== height) {
      return undefined;
    }

    rectangles.push({ left, top, width, height, drawn, bits, flags, data });
    at += rectangleHeader + length;
  }

  return rectangles;
}

// Blue, green, red and one byte, the lowest row first.
function raw({ width, height, drawn, data }: Rectangle): Uint8ClampedArray | undefined {
  if (data.length < 4 * width * height) {
    return undefined;
  }

  const pixels = new Uint8ClampedArray(4 * drawn * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < drawn; x++) {
      const [from, to] = [4 * ((height - 1 - y) * width + x), 4 * (y * drawn + x)];
      [pixels[to], pixels[to + 1], pixels[to + 2]] = [data[from + 2] ?? 0, data[from + 1] ?? 0, data[from] ?? 0];
    }
  }

  return pixels;
}

// [MS-RDPEGDI] 2.2.2.5.1: planes of alpha, red, green and blue, each packed or not; none with less colour is expected.
function planes({ width, height, drawn, data }: Rectangle): Uint8ClampedArray | undefined {
  const format = data[0] ?? 0;
  if (format & 0x0F) {
    return undefined;
  }

  const [packed, size] = [(format & 0x10) !== 0, width * height];
  const pixels = new Uint8ClampedArray(4 * drawn * height);
  let at = 1;
  for (let plane = format & 0x20 ? 1 : 0; plane < 4; plane++) {
    const values = new Uint8Array(size);
    if (packed) {
      at = unpack(data, at, values, width);
    } else {
      values.set(data.subarray(at, at + size));
      at += size;
    }

    if (at < 0 || at > data.length) {
      return undefined;
    }

    for (let y = 0; plane > 0 && y < height; y++) {
      for (let x = 0; x < drawn; x++) {
        pixels[4 * (y * drawn + x) + plane - 1] = values[(height - 1 - y) * width + x] ?? 0;
      }
    }
  }

  return pixels;
}

// 3.1.9.2: each row in segments of raw values and a run of the last one; from the second row on they are differences to the row before.
function unpack(data: Uint8Array, from: number, values: Uint8Array, width: number): number {
  let at = from;
  for (let row = 0; row < values.length; row += width) {
    let last = 0;
    for (let x = 0; x < width;) {
      const control = data[at++];
      if (control === undefined) {
        return -1;
      }

      let [run, count] = [control & 0x0F, control >> 4];
      if (run === 1 || run === 2) {
        [run, count] = [16 * run + count, 0];
      }

      if (run + count === 0 || x + run + count > width) {
        return -1;
      }

      for (let i = 0; i < run + count; i++, x++) {
        if (i < count) {
          const value = data[at++] ?? 0;
          last = row === 0 ? value : value & 1 ? -((value >> 1) + 1) : value >> 1;
        }

        values[row + x] = (row === 0 ? 0 : values[row + x - width] ?? 0) + last;
      }
    }
  }

  return at;
}
