const tile = 64;
const headerLength = 3 + 3 + 4 + 18;

interface Tile {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/**
 * A picture as RDP's own fast-path bitmap updates ([MS-RDPBCGR] 2.2.9.1.2.1.2), so that IronRDP draws it before what changes. Each tile is an
 * RDP 6.0 bitmap of 32 bits without compression ([MS-RDPEGDI] 2.2.2.5.1): header, red, green, blue, one byte of padding; the lowest row first.
 */
export async function* pictureFrames(picture: Uint8Array): AsyncGenerator<Uint8Array> {
  const image = await createImageBitmap(new Blob([picture.slice()]));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) {
    return;
  }

  context.drawImage(image, 0, 0);
  image.close();
  for (let top = 0; top < canvas.height; top += tile) {
    for (let left = 0; left < canvas.width; left += tile) {
      const [width, height] = [Math.min(tile, canvas.width - left), Math.min(tile, canvas.height - top)];
      yield frameOf(context.getImageData(left, top, width, height), left, top);
    }
  }
}

/** One tile, as such an update of its own. */
export function frameOf({ width, height, data }: Tile, left: number, top: number): Uint8Array {
  const pixels = width * height;
  const content = 1 + 3 * pixels + 1;
  const frame = new Uint8Array(headerLength + content);
  const view = new DataView(frame.buffer);
  view.setUint16(1, 0x8000 | frame.length);
  frame[3] = 1; // FASTPATH_UPDATETYPE_BITMAP, in one piece
  view.setUint16(4, frame.length - 6, true);
  const fields = [1, 1, left, top, left + width - 1, top + height - 1, width, height, 32, 0x0401, content];
  fields.forEach((field, i) => view.setUint16(6 + 2 * i, field, true));
  frame[headerLength] = 0x20; // no alpha plane
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [from, to] = [4 * (y * width + x), headerLength + 1 + (height - 1 - y) * width + x];
      frame[to] = data[from] ?? 0;
      frame[to + pixels] = data[from + 1] ?? 0;
      frame[to + 2 * pixels] = data[from + 2] ?? 0;
    }
  }

  return frame;
}
