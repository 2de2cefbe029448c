/** Copies a picture, if there is one; says whether there was. */
export function copyPicture(from: HTMLCanvasElement | null | undefined, to: HTMLCanvasElement): boolean {
  if (!from || from.width === 0) {
    return false;
  }

  to.width = from.width;
  to.height = from.height;
  to.getContext('2d')?.drawImage(from, 0, 0);
  return true;
}
