/** The desktop is ready: where to connect, and with which one-time token. */
export interface Opened {
  session: string;
  token: string;
  /** Path of the gateway's WebSocket on this server. */
  gateway: string;
  desktopName: string;
  clipboard: { in: boolean; out: boolean };
  /** How the target takes a new size: by its display channel, or only by a new connection. */
  resize?: 'live' | 'reconnect';
  /** Who it is, to stand over the picture. */
  watermark?: string | null;
  /** Which ways files may be carried. */
  files?: { in: boolean; out: boolean } | null;
  /** What is printed there comes to this page. */
  prints?: boolean;
}

/** It is on its way. `step` and `state` name words of the page. */
export interface Opening {
  state: string;
  step?: string;
  since?: string;
  usualSeconds?: number;
  /** Place in the queue, while there is no room. */
  place?: number | null;
}

/** It won't come by waiting. */
export interface Refusal {
  type: string;
  detail?: string | undefined;
  reference?: string | undefined;
}

export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.detail ?? refusal.type);
  }
}

/** The server does not answer, or not as itself: a cut, a restart, a proxy's page. */
export class Unreachable extends Error {}

// A frozen desktop is back in a tenth of a second, a stopped one in some seconds: ask often at first.
const pollMs = [100, 100, 100, 150, 150, 200, 250, 250, 500];

// Room comes when somebody leaves: no use in hundreds who ask twice a second.
const queuedMs = 2000;

/** How it is to be opened. */
export interface Wish {
  /** From another device that has it. */
  takeOver: boolean;
  /** From another person who has it. */
  displace: boolean;
  /** The session that was cut. */
  resume: string | undefined;
}

/** Asks for the desktop until it is open. */
export async function openDesktop(
  url: string, form: string, wish: Wish, progress: (opening: Opening) => void, stop: AbortSignal): Promise<Opened> {
  for (let asked = 0; ; asked++) {
    const response = await post(url, form, wish, stop);
    const body = await json(response);
    if (response.status === 200) {
      return body as Opened;
    }

    if (response.status !== 202) {
      throw refusal(response, body);
    }

    progress(body as Opening);
    const queued = (body as Opening).place;
    await wait(queued ? queuedMs : pollMs[Math.min(asked, pollMs.length - 1)] ?? 500, stop);
  }
}

async function post(url: string, form: string, wish: Wish, stop: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', RequestVerificationToken: form },
      body: JSON.stringify(wish),
      redirect: 'error',
      signal: stop,
    });
  } catch (error) {
    stop.throwIfAborted();
    throw new Unreachable(String(error));
  }
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function refusal(response: Response, body: unknown): Error {
  const problem = (body ?? {}) as { type?: string; detail?: string; reference?: string };
  if (response.status >= 500 && !problem.type?.startsWith('urn:relais:')) {
    return new Unreachable(`${response.status}`);
  }

  const type = response.status === 401 ? 'urn:relais:signed-out' : problem.type ?? `urn:relais:http-${response.status}`;
  return new Refused({ type, detail: problem.detail, reference: problem.reference });
}

export function wait(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = () => {
      window.clearTimeout(timer);
      reject(stop.reason as Error);
    };
    const timer = window.setTimeout(() => {
      stop.removeEventListener('abort', aborted);
      resolve();
    }, milliseconds);
    stop.addEventListener('abort', aborted, { once: true });
  });
}
