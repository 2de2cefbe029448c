/** An interview as this computer keeps it until the server has all of it. Never a phone number: only what was asked and answered. */
export interface KeptInterview {
  id: string;
  person: string;
  fence: number;
  acknowledged: number;
  /** What the console wants to find again, as JSON. */
  state: string;
}

/** One step of an interview. The server takes it once, by its number. */
export interface KeptEvent {
  sequence: number;
}

interface StoredEvent {
  interview: string;
  sequence: number;
  event: KeptEvent;
}

const NAME = 'relais-interviews';
const INTERVIEWS = 'interviews';
const EVENTS = 'events';
const FORMS = 'forms';
const VERSION = 1;

/** What was typed, on this computer's disk before anything else happens to it. */
export class Outbox {
  private constructor(private readonly database: IDBDatabase) {}

  static async open(): Promise<Outbox> {
    const opening = indexedDB.open(NAME, VERSION);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(INTERVIEWS, { keyPath: 'id' });
      opening.result.createObjectStore(EVENTS, { keyPath: ['interview', 'sequence'] });
      opening.result.createObjectStore(FORMS);
    };
    return new Outbox(await done(opening));
  }

  /** The interview that this person had under way on this computer. */
  async find(person: string): Promise<KeptInterview | undefined> {
    const all = await done<KeptInterview[]>(this.read(INTERVIEWS).getAll());
    return all.find(interview => interview.person === person);
  }

  /** Keeps the interview and steps of it, or neither. Resolves when they are on the disk. */
  async keep(interview: KeptInterview, events: KeptEvent[]): Promise<void> {
    const writing = this.database.transaction([INTERVIEWS, EVENTS], 'readwrite', { durability: 'strict' });
    const interviews = writing.objectStore(INTERVIEWS);
    const before = await done<KeptInterview | undefined>(interviews.get(interview.id));
    interviews.put({ ...interview, acknowledged: Math.max(interview.acknowledged, before?.acknowledged ?? 0) });
    for (const event of events) {
      writing.objectStore(EVENTS).put({ interview: interview.id, sequence: event.sequence, event } satisfies StoredEvent);
    }

    await committed(writing);
  }

  async events(interview: string, after = 0, most?: number): Promise<KeptEvent[]> {
    const range = IDBKeyRange.bound([interview, after + 1], [interview, Number.MAX_SAFE_INTEGER]);
    return (await done<StoredEvent[]>(this.read(EVENTS).getAll(range, most))).map(stored => stored.event);
  }

  async acknowledge(interview: string, sequence: number): Promise<void> {
    const writing = this.database.transaction(INTERVIEWS, 'readwrite');
    const interviews = writing.objectStore(INTERVIEWS);
    const kept = await done<KeptInterview | undefined>(interviews.get(interview));
    if (kept && kept.acknowledged < sequence) {
      interviews.put({ ...kept, acknowledged: sequence });
    }

    await committed(writing);
  }

  /** Forgets an interview: the server has all of it, or somebody else has it. */
  async forget(interview: string): Promise<void> {
    const writing = this.database.transaction([INTERVIEWS, EVENTS], 'readwrite');
    writing.objectStore(INTERVIEWS).delete(interview);
    writing.objectStore(EVENTS).delete(IDBKeyRange.bound([interview, 0], [interview, Number.MAX_SAFE_INTEGER]));
    await committed(writing);
  }

  form(id: string): Promise<string | undefined> {
    return done<string | undefined>(this.read(FORMS).get(id));
  }

  async keepForm(id: string, form: string): Promise<void> {
    const writing = this.database.transaction(FORMS, 'readwrite');
    // One is enough: an interview keeps its version, and there is one interview at a time.
    writing.objectStore(FORMS).clear();
    writing.objectStore(FORMS).put(form, id);
    await committed(writing);
  }

  private read(store: string): IDBObjectStore {
    return this.database.transaction(store).objectStore(store);
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB'));
  });
}
