/** The element of a page's part, which the page has. */
export function part<T extends HTMLElement>(root: HTMLElement, name: string): T {
  const found = root.querySelector<T>(`[data-part="${name}"]`);
  if (!found) {
    throw new Error(`no part ${name}`);
  }

  return found;
}
