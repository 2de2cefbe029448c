const api = '/api/access/passkeys';

interface Asking {
  signal?: AbortSignal;
  mediation?: CredentialMediationRequirement;
}

/** Makes a passkey on this device and adds it to the signed-in person's account. */
export async function register(token: string, name: string): Promise<void> {
  const options = await post('creation-options', token);
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON);
  const credential = await navigator.credentials.create({ publicKey });
  await post('', token, { credential: json(credential), name });
}

/** Signs in with a passkey; the person needs no name and no password. */
export async function signIn(token: string, asking: Asking = {}): Promise<void> {
  // Not to be called back: the server may have taken it already.
  await post('sign-in', token, { credential: json(await use(token, asking)) });
}

/** Proves again that the signed-in person is there. */
export async function prove(token: string): Promise<void> {
  await post('prove', token, { credential: json(await use(token, {})) });
}

async function use(token: string, asking: Asking): Promise<Credential | null> {
  const options = await post('request-options', token, undefined, asking.signal);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  return navigator.credentials.get({ publicKey, ...asking });
}

function json(credential: Credential | null): unknown {
  if (!(credential instanceof PublicKeyCredential)) {
    throw new Error('no-credential');
  }

  return credential.toJSON();
}

/** The answer's JSON, or null without a body. A refusal throws the problem's name. */
async function post(path: string, token: string, body?: unknown, signal?: AbortSignal): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path === '' ? api : `${api}/${path}`, {
      method: 'POST',
      headers: { 'RequestVerificationToken': token, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch {
    throw new Error('unreachable');
  }

  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
    throw new Error(problem.title ?? `status ${response.status}`, { cause: problem.detail });
  }

  return response.status === 204 ? null : response.json();
}
