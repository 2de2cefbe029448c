/**
 * The service worker of a program that runs in the browser: its page opens also while the server is away, from copies of the program's files. The server
 * puts the list before this text (OfflineProgram.cs); another list is another worker, which takes a whole set of copies of its own or none.
 *
 * A page that the server answered gets everything from the server, a page that was opened from the copies gets everything from the same set of copies: the
 * two never mix. Nothing that the server says about people, cases or answers is kept here.
 */
interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Extendable {
  request: Request;
  clientId: string;
  resultingClientId: string;
  respondWith(answer: Promise<Response>): void;
}

/** The part of a service worker's scope that is used here. */
interface Worker {
  location: Location;
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

declare const RELAIS_OFFLINE: { version: string; page: string; shell: string; files: { address: string; integrity: string }[] };

const worker = self as unknown as Worker;
const list = RELAIS_OFFLINE;
const NAME = 'relais-offline-';
const COPIES = NAME + list.version;
// Which pages were opened from the copies: a worker is stopped and started by the browser as it likes, and forgets.
const PAGES = NAME + 'pages';
const PATIENCE_MS = 10_000;
const AT_ONCE = 6;

const copied = new Set(list.files.map(file => file.address));
const fromCopies = new Set<string>();

worker.addEventListener('install', event => event.waitUntil(install()));
worker.addEventListener('activate', event => event.waitUntil(forgetOthers()));
worker.addEventListener('message', event => {
  if (event.data === 'take-over') {
    void worker.skipWaiting();
  }
});
worker.addEventListener('fetch', event => {
  const address = new URL(event.request.url);
  if (event.request.method !== 'GET' || address.origin !== worker.location.origin) {
    return;
  }

  if (event.request.mode === 'navigate') {
    if (address.pathname === list.page) {
      event.respondWith(open(event));
    }
  } else if (copied.has(address.pathname)) {
    event.respondWith(file(event, address.pathname));
  }
});

/** All files, each held against its hash, or none: a server that is being replaced must not give half of each. */
async function install(): Promise<void> {
  const copies = await caches.open(COPIES);
  try {
    for (let at = 0; at < list.files.length; at += AT_ONCE) {
      await Promise.all(list.files.slice(at, at + AT_ONCE).map(one => take(copies, one.address, one.integrity)));
    }

    const shell = await fetch(list.shell, { cache: 'no-store', credentials: 'omit' });
    const text = await shell.text();
    if (!shell.ok || !text.includes(list.version)) {
      throw new Error('The server is another version by now.');
    }

    await copies.put(list.shell, new Response(text, { headers: shell.headers }));
  } catch (failure) {
    await caches.delete(COPIES);
    throw failure;
  }
}

async function take(copies: Cache, address: string, integrity: string): Promise<void> {
  const answer = await fetch(address, { integrity, credentials: 'omit' });
  if (!answer.ok) {
    throw new Error(`${address}: ${answer.status}`);
  }

  await copies.put(address, answer);
}

async function forgetOthers(): Promise<void> {
  const others = (await caches.keys()).filter(name => name.startsWith(NAME) && name !== COPIES);
  await Promise.all(others.map(name => caches.delete(name)));
}

async function open(event: Fetching): Promise<Response> {
  const shell = async () => (await caches.open(COPIES)).match(list.shell);
  try {
    const answer = await Promise.race([fetch(event.request), late()]);
    // A proxy that stands before a server that is away.
    if (answer.status < 502 || answer.status > 504) {
      return answer;
    }

    return (await shell()) ? await opened(event, shell) : answer;
  } catch (failure) {
    if (!(await shell())) {
      throw failure;
    }

    return opened(event, shell);
  }
}

async function opened(event: Fetching, shell: () => Promise<Response | undefined>): Promise<Response> {
  fromCopies.add(event.resultingClientId);
  await (await caches.open(PAGES)).put(`/${event.resultingClientId}`, new Response(''));
  return (await shell()) ?? Response.error();
}

async function file(event: Fetching, address: string): Promise<Response> {
  const isFromCopies = fromCopies.has(event.clientId) || (await (await caches.open(PAGES)).match(`/${event.clientId}`)) !== undefined;
  const copy = isFromCopies ? await (await caches.open(COPIES)).match(address) : undefined;
  return copy ?? fetch(event.request);
}

function late(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error('The server does not answer.')), PATIENCE_MS));
}
