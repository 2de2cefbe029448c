import 'virtual:fluent-tokens.css';
import '../styles/base.css';
import '../styles/shell.css';
import '../styles/kit.css';
import '../styles/console.css';
import { Outbox, type KeptEvent, type KeptInterview } from '../console/outbox';
import { Sender } from '../console/sender';
import { chime } from '../console/chime';
import { call } from '../console/server';
import { haveConsole } from '../console/tabs';
import { takeKeys } from '../console/keys';
import { VoiceBar } from '../console/voiceBar';
import { keepCopies, recognise, waitForServer } from '../console/offline';

let outbox: Outbox;
let sender: Sender | undefined;
let voice: VoiceBar | undefined;

/** What the program calls: texts in, texts out, so that nothing of it is lost to trimming. */
const bridge = {
  settings: (): string => JSON.stringify({ ...document.getElementById('console')?.dataset, offset: -new Date().getTimezoneOffset() }),
  haveConsole,
  takeKeys,
  call: async (method: string, address: string, body: string | null): Promise<string> => JSON.stringify(await call(method, address, body ?? undefined)),
  find: async (person: string): Promise<string> => JSON.stringify((await outbox.find(person)) ?? null),
  keep: (interview: string, events: string): Promise<void> => outbox.keep(JSON.parse(interview) as KeptInterview, JSON.parse(events) as KeptEvent[]).then(() => sender?.wake()),
  events: async (interview: string): Promise<string> => JSON.stringify(await outbox.events(interview)),
  forget: (interview: string): Promise<void> => outbox.forget(interview),
  form: async (id: string): Promise<string> => (await outbox.form(id)) ?? '',
  keepForm: (id: string, form: string): Promise<void> => outbox.keepForm(id, form),
  send: (interview: string, fence: number, acknowledged: number, tell: (delivery: string) => void): void => {
    sender?.stop();
    sender = new Sender(outbox, interview, fence, acknowledged, delivery => tell(JSON.stringify(delivery)));
    void sender.run();
  },
  stopSending: (): void => {
    sender?.stop();
    sender = undefined;
  },
  say: (lang: string, iso: string, options: string): string =>
    new Intl.DateTimeFormat(lang, { timeZone: 'UTC', ...(JSON.parse(options) as Intl.DateTimeFormatOptions) }).format(new Date(iso)),
  focus: (selector: string): void => {
    // The first that is there, in the order given.
    const element = selector.split('|').map(one => document.querySelector<HTMLElement>(one)).find(found => found !== null);
    element?.focus();
    if (element instanceof HTMLInputElement && element.type !== 'checkbox' && element.type !== 'radio') {
      element.select();
    }
  },
  show: (selector: string): void => document.querySelector(selector)?.scrollIntoView({ block: 'nearest' }),
  stepped: (milliseconds: number): void => {
    // As many as a long interview has: the browser would keep all of a day's.
    if (performance.getEntriesByName('relais-step').length >= 200) {
      performance.clearMeasures('relais-step');
    }

    const now = performance.now();
    performance.measure('relais-step', { start: Math.max(0, now - milliseconds), end: now });
  },
  voiceIsHere: (): boolean => voice?.here ?? false,
  connectVoice: (): void => voice?.connect(),
  chime,
  showVoice: (where: string): void => voice?.place(where),
  language: (language: string): void => {
    document.documentElement.lang = language;
  },
};

declare global {
  interface Window {
    relaisConsole: typeof bridge;
  }
}

async function start(): Promise<void> {
  const main = document.getElementById('console');
  if (!main || !recognise(main)) {
    waitForServer(main ?? document.body);
    return;
  }

  outbox = await Outbox.open();
  const bar = document.getElementById('voice');
  voice = bar ? new VoiceBar(bar) : undefined;
  window.relaisConsole = bridge;
  await window.Blazor?.start?.();
  // All of the program is here: what comes now is for another time.
  await keepCopies();
}

void start();
