import { prove, register, signIn } from '../passkeys';
import type { Mounted } from '../shell/modules';

/** Brings a passkey form to life: its data-mode says what for, its data attributes hold the words for what goes wrong. */
export function mount(element: HTMLElement): Mounted | void {
  if (!(element instanceof HTMLFormElement) || !window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    return;
  }

  const form = element;
  const waiting = new AbortController();
  const offered = form.dataset.mode === 'sign-in' ? offer(form, waiting.signal) : Promise.resolve(false);
  form.hidden = false;
  form.addEventListener('submit', event => {
    event.preventDefault();
    // One ceremony at a time, in the browser and at the server, which remembers one challenge: the one offered in the name field gives way,
    // unless a passkey was chosen there already.
    waiting.abort();
    void run(form, async () => {
      if (!(await offered)) {
        await ceremony(form);
      }
    });
  });


  return { dispose: () => waiting.abort() };
}

function ceremony(form: HTMLFormElement): Promise<void> {
  const token = tokenOf(form);
  switch (form.dataset.mode) {
    case 'register':
      return register(token, new FormData(form).get('name')?.toString() ?? '');
    case 'prove':
      return prove(token);
    default:
      return signIn(token);
  }
}

async function run(form: HTMLFormElement, work: () => Promise<void>): Promise<void> {
  const button = form.querySelector('button');
  say(form, '');
  if (button) {
    button.disabled = true;
  }

  try {
    await work();
    location.assign(form.dataset.returnUrl ?? '/');
  } catch (error) {
    say(form, wordsFor(form, error));
    if (button) {
      button.disabled = false;
    }
  }
}

/** Offers passkeys in the user name's suggestions, where the browser can. Silent until one is chosen; true when it signed in. */
async function offer(form: HTMLFormElement, signal: AbortSignal): Promise<boolean> {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.()) || signal.aborted) {
    return false;
  }

  try {
    await signIn(tokenOf(form), { signal, mediation: 'conditional' });
    location.assign(form.dataset.returnUrl ?? '/');
    return true;
  } catch (error) {
    if (!(error instanceof DOMException) && !signal.aborted) {
      say(form, wordsFor(form, error));
    }

    return false;
  }
}

function tokenOf(form: HTMLFormElement): string {
  return form.querySelector<HTMLInputElement>('input[name="__RequestVerificationToken"]')?.value ?? '';
}

function wordsFor(form: HTMLFormElement, error: unknown): string {
  if (error instanceof DOMException) {
    return form.dataset.cancelled ?? '';
  }

  const type = error instanceof Error ? error.message : '';
  if (type === 'account-closed') {
    return form.dataset.closed ?? '';
  }

  // The institute's own words, in the reader's language already.
  if (type === 'access-refused' && error instanceof Error && typeof error.cause === 'string') {
    return error.cause;
  }

  return (type === 'unreachable' ? form.dataset.unreachable : form.dataset.refused) ?? '';
}

function say(form: HTMLFormElement, words: string): void {
  const place = form.querySelector<HTMLElement>('p.error');
  if (place) {
    place.textContent = words;
    place.hidden = words === '';
  }
}
