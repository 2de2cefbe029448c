/** Twice the drawing's size: sharp in a report. */
const SCALE = 2;

/** A button beside the link to a drawing (SVG) that saves it as a picture (PNG). */
export function pictureButton(drawing: HTMLAnchorElement): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.append(...Array.from(drawing.querySelectorAll('.icon'), icon => icon.cloneNode(true)), 'PNG');
  button.addEventListener('click', () => void save(drawing.href));
  drawing.after(button);
  return button;
}

async function save(address: string): Promise<void> {
  const answer = await fetch(address);
  if (!answer.ok) {
    // The link says in words what is wrong.
    window.location.assign(address);
    return;
  }

  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await answer.text())}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width * SCALE;
  canvas.height = image.height * SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const link = document.createElement('a');
  link.href = canvas.toDataURL('image/png');
  link.download = `${document.title.split(' · ')[1] ?? 'Relais'}.png`;
  link.click();
}
