/** What the server said; status 0: nothing, the network or the server is away. */
export interface Answer {
  status: number;
  body: string;
}

const TIMEOUT_MS = 15_000;
let token: { headerName: string; requestToken: string } | undefined;

/** Calls the server's interface. Changes carry the form token; one that has become old is fetched again, once. */
export async function call(method: string, address: string, body?: string): Promise<Answer> {
  const first = await once(method, address, body);
  if (first.status !== 400 || !first.body.includes('urn:relais:form-token')) {
    return first;
  }

  token = undefined;
  return once(method, address, body);
}

async function once(method: string, address: string, body?: string): Promise<Answer> {
  try {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (method !== 'GET') {
      token ??= await fetchToken();
      headers[token.headerName] = token.requestToken;
      headers['content-type'] = 'application/json';
    }

    const response = await fetch(address, { method, headers, body: body ?? null, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { status: response.status, body: await response.text() };
  } catch {
    return { status: 0, body: '' };
  }
}

async function fetchToken(): Promise<{ headerName: string; requestToken: string }> {
  const response = await fetch('/api/access/form-token', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) {
    throw new Error(`form token: ${response.status}`);
  }

  return (await response.json()) as { headerName: string; requestToken: string };
}

/** The stable name of a refusal, such as "case-lost". */
export function refusal(answer: Answer): string {
  try {
    const type = (JSON.parse(answer.body) as { type?: string }).type ?? '';
    return type.startsWith('urn:relais:') ? type.slice('urn:relais:'.length) : '';
  } catch {
    return '';
  }
}
