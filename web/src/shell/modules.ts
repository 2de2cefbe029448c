/** What an entry exports to live in a page. */
export interface PageModule {
  mount(element: HTMLElement): Mounted | void | Promise<Mounted | void>;
}

export interface Mounted {
  dispose(): void;
}

interface Place {
  marker: HTMLElement;
  mounted: Promise<Mounted | void>;
}

let places: Place[] = [];

/** Loads the modules that the page's `<relais-module>` markers name, and lets go of those whose marker has left the page. */
export function mountModules(): void {
  for (const place of places.filter(place => !place.marker.isConnected)) {
    void place.mounted.then(mounted => mounted?.dispose());
  }

  places = places.filter(place => place.marker.isConnected);
  for (const marker of document.querySelectorAll<HTMLElement>('relais-module')) {
    if (!places.some(place => place.marker === marker)) {
      places.push({ marker, mounted: load(marker) });
    }
  }
}

async function load(marker: HTMLElement): Promise<Mounted | void> {
  const { source, target } = marker.dataset;
  const element = target ? document.querySelector<HTMLElement>(target) : marker.parentElement;
  if (!source || !element) {
    throw new Error(`No place for module ${source ?? '?'} (target ${target ?? 'parent'})`);
  }

  const module = (await import(/* @vite-ignore */ source)) as PageModule;
  return module.mount(element);
}
