// The tag that sites and players carry: <script async src="https://HOST/relais.js" data-site="KEY"></script>.
// Without consent it keeps nothing that tells who somebody is; see docs/traffic-tag.md.

interface Waiting {
  /** The beacon without its age; its id stays the same however often it is sent. */
  b: string;
  /** When it happened, in milliseconds since 1970. */
  t: number;
}

interface Player {
  start(): void;
  pause(): void;
  stop(): void;
}

const script = document.currentScript as HTMLScriptElement;
const told = script.dataset;
const address = (told.to ?? new URL('c', script.src).href) + '?k=' + encodeURIComponent(told.site ?? '');
const beatMs = Math.min(60, Math.max(10, Number(told.beat) || 30)) * 1000;

const optedOutKey = 'relais.out';
const visitorKey = 'relais.id';
const queueKey = 'relais.wait';
const visitorMs = 395 * 86400e3; // 13 months
const oldestMs = 86400e3;
const mostWaiting = 100;
const longestPauseMs = 60e3;

// Storage may be forbidden: then nothing outlives the page.
const keep = (key: string, value?: string | null): string | null => {
  try {
    if (value === null) localStorage.removeItem(key);
    else if (value !== undefined) localStorage.setItem(key, value);
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

const hex = (bytes: number): string => [...crypto.getRandomValues(new Uint8Array(bytes))].map(b => b.toString(16).padStart(2, '0')).join('');

let consented = told.consent === 'yes';
let waiting: Waiting[] = [];
let timer = 0;
let sending = false;
let failed = 0;

const isOut = (): boolean => keep(optedOutKey) === '1' || !!(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;

const visitor = (): string => {
  const [id, since] = (keep(visitorKey) ?? '').split('.');
  if (id && Date.now() - Number(since) < visitorMs) return id;
  const made = hex(16);
  keep(visitorKey, made + '.' + Date.now());
  return made;
};

const store = (): void => {
  keep(queueKey, waiting.length ? JSON.stringify(waiting) : null);
};

const bodyOf = (one: Waiting): string => one.b + '&a=' + Math.max(0, Date.now() - one.t);

const later = (times: number): void => {
  const pause = Math.min(longestPauseMs, 1000 * 2 ** times);
  clearTimeout(timer);
  timer = window.setTimeout(flush, pause / 2 + (Math.random() * pause) / 2);
};

// One beacon a line; a line that cannot be used does not hold up the others.
const flush = async (): Promise<void> => {
  if (sending) return;
  clearTimeout(timer);
  waiting = waiting.filter(one => Date.now() - one.t < oldestMs);
  if (!waiting.length) return;
  sending = true;
  const some = [...waiting];
  const status = await fetch(address, { method: 'POST', body: some.map(bodyOf).join('\n'), keepalive: true, credentials: 'omit' }).then(r => r.status, () => 0);
  sending = false;
  // Not taken, and not our fault: the same ones go again.
  if (!status || status === 429 || status > 499) {
    later(++failed);
  } else {
    failed = 0;
    waiting = waiting.filter(one => !some.includes(one));
    store();
    void flush();
  }
};

const tell = (kind: string, fields: Record<string, string | number | undefined>): void => {
  if (isOut()) return;
  const all: Record<string, string | number | undefined> = { e: kind, i: hex(16), r: told.region, u: consented ? visitor() : undefined, ...fields };
  const pairs = Object.keys(all).filter(name => all[name] !== undefined && all[name] !== '');
  waiting.push({ b: pairs.map(name => name + '=' + encodeURIComponent(all[name]!)).join('&'), t: Date.now() });
  waiting = waiting.slice(-mostWaiting);
  store();
  void flush();
};

// The page goes, and what waits goes with the browser. What it does not take, or could not send, waits for the next page.
const leave = (): void => {
  if (waiting.length && navigator.onLine && navigator.sendBeacon(address, waiting.map(bodyOf).join('\n'))) {
    waiting = [];
    store();
  }
};

let shown = '';
const view = (path: string = location.pathname): void => {
  if (path === shown) return;
  shown = path;
  const from = document.referrer && new URL(document.referrer).host;
  tell('view', { p: path.slice(0, 255), f: from && from !== location.host ? from.slice(0, 64) : '' });
};

/** One session of listening. heardMs says how much has been heard since the session began. */
const session = (channel: string, player: string, heardMs: () => number): Player => {
  let id = '';
  let toldMs = 0;
  let beat = 0;
  const say = (kind: string): void => {
    const heard = Math.round(heardMs());
    tell(kind, { n: id, c: channel, l: player, x: heard, w: heard - toldMs });
    toldMs = heard;
  };
  return {
    start: () => {
      const kind = id ? 'beat' : 'start';
      if (!id) {
        id = hex(8);
        toldMs = Math.round(heardMs());
      }
      say(kind);
      clearInterval(beat);
      beat = window.setInterval(say, beatMs, 'beat');
    },
    pause: () => {
      clearInterval(beat);
      if (id) say('pause');
    },
    stop: () => {
      clearInterval(beat);
      if (id) say('stop');
      id = '';
    },
  };
};

const open: Player[] = [];

/** For players that are no audio or video element: they say themselves when they play. */
const player = (channel: string, name = 'web'): Player => {
  let heard = 0;
  let since = 0;
  const count = (on: boolean): void => {
    const now = performance.now();
    if (since) heard += now - since;
    since = on ? now : 0;
  };
  const inner = session(channel, name, () => {
    count(!!since);
    return heard;
  });
  const outer = {
    start: () => (count(true), inner.start()),
    pause: () => (count(false), inner.pause()),
    stop: () => {
      count(false);
      inner.stop();
      heard = 0;
    },
  };
  open.push(outer);
  return outer;
};

const followed = new WeakSet<HTMLMediaElement>();
const listen = (media: HTMLMediaElement, channel = media.dataset.channel ?? '', name = media.dataset.player ?? 'web'): void => {
  if (!channel || followed.has(media)) return;
  followed.add(media);
  let heard = 0;
  let at = 0;
  let clock = 0;
  let playing = false;
  // No more than the clock says, and no more than the sound moved on: neither sleep nor a jump is listening.
  const count = (): void => {
    const now = performance.now();
    if (playing) heard += Math.max(0, Math.min(now - clock, ((media.currentTime - at) * 1000) / (media.playbackRate || 1)));
    clock = now;
    at = media.currentTime;
  };
  const inner = session(channel, name, () => (count(), heard));
  const set = (on: boolean, then?: () => void) => (): void => {
    count();
    if (on !== playing || then === inner.stop) {
      playing = on;
      then?.();
    }
  };
  const stop = (): void => {
    set(false, inner.stop)();
    heard = 0;
  };
  media.addEventListener('timeupdate', count);
  media.addEventListener('playing', set(true, inner.start));
  media.addEventListener('pause', set(false, inner.pause));
  media.addEventListener('ended', stop);
  media.addEventListener('emptied', stop);
  open.push({ ...inner, stop });
  if (!media.paused && media.readyState > 2) set(true, inner.start)();
};

const follow = (): void => document.querySelectorAll<HTMLMediaElement>('audio[data-channel],video[data-channel]').forEach(media => listen(media));

(window as unknown as { relais: object }).relais = {
  view,
  listen,
  player,
  consent: (yes: boolean): void => {
    consented = yes;
    if (!yes) keep(visitorKey, null);
  },
  optOut: (out = true): void => {
    keep(optedOutKey, out ? '1' : null);
    if (out) {
      waiting = [];
      store();
      keep(visitorKey, null);
    }
  },
};

try {
  waiting = JSON.parse(keep(queueKey) ?? '[]') as Waiting[];
} catch {
  waiting = [];
}
if (isOut()) waiting = [];

addEventListener('pagehide', () => {
  open.forEach(one => one.stop());
  leave();
});
// Back by the browser's button, from memory: the page is shown once more.
addEventListener('pageshow', event => {
  if (event.persisted) {
    shown = '';
    if (told.views !== 'no') view();
  }
});
addEventListener('online', () => void flush());
const push = history.pushState.bind(history);
history.pushState = (...all): void => {
  push(...all);
  view();
};
addEventListener('popstate', () => view());

const begin = (): void => {
  if (told.views !== 'no') view();
  follow();
  void flush();
};
if (document.readyState === 'loading') addEventListener('DOMContentLoaded', begin);
else begin();

export {};
