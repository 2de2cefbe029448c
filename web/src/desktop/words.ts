/** The page's words, written by the server in the reader's language: RemoteScreen.razor. */
export class Words {
  private readonly texts: Record<string, string>;

  constructor(source: HTMLElement) {
    this.texts = JSON.parse(source.textContent || '{}') as Record<string, string>;
  }

  /** The text of that name, or nothing where there is none. */
  find(name: string): string | undefined {
    return this.texts[name];
  }

  of(name: string, ...values: (string | number)[]): string {
    const text = this.texts[name] ?? name;
    return values.reduce<string>((filled, value, index) => filled.replace(`{${index}}`, String(value)), text);
  }
}

/** An element of the page by its `data-part`. */
export function part<T extends HTMLElement = HTMLElement>(root: HTMLElement, name: string): T {
  const element = root.querySelector<T>(`[data-part="${name}"]`);
  if (!element) {
    throw new Error(`The page lacks its part "${name}"`);
  }

  return element;
}
