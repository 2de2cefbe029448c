// A certified OpenID Connect issuer for the tests, on loopback. Arguments: the folder with node_modules, the port, the address that people come back to.
// Whoever signs in is who they type: "anna" has the verified address anna@institut.example, "anna+unverified" has it unverified, "anna+at+x.org" another,
// and "anna+strong" is let in at a level of two factors.
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const [folder, port, back] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${folder}/node_modules/oidc-provider/lib/index.js`));
const issuer = `http://127.0.0.1:${port}`;

function account(id) {
  const [name, ...more] = id.split('+');
  const at = more.indexOf('at');
  return {
    sub: `${name}-${more.includes('again') ? 2 : 1}`,
    email: `${name}@${at < 0 ? 'institut.example' : more[at + 1]}`,
    email_verified: !more.includes('unverified'),
    name: `Prénom ${name}`,
    preferred_username: name,
    groups: more.includes('groups') ? ['Ceux du service', 'Personne ne connaît'] : [],
  };
}

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'relais', client_secret: 'un secret & des signes: +%', redirect_uris: [`${back}/sign-in/openid/return`],
    post_logout_redirect_uris: [`${back}/sign-in`], response_types: ['code'], grant_types: ['authorization_code'],
  }],
  claims: { openid: ['sub', 'amr', 'acr', 'auth_time'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username', 'groups'] },
  acrValues: ['urn:institut:deux'],
  pkce: { required: () => true, methods: ['S256'] },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  cookies: { keys: ['only for tests'] },
  interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ ...account(id) }) }),
  ttl: { Session: 3600, Interaction: 600, Grant: 3600, AuthorizationCode: 60, AccessToken: 600, IdToken: 7200 },
  // What the institute's own clients may know needs nobody's consent.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
});

const page = (uid) => `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Connexion</title><h1>Service de l'institut</h1>
<form method="post" action="/login/${uid}"><label>Nom <input name="login" autofocus></label>
<label><input type="checkbox" name="otp"> avec un code</label><button>Entrer</button><button name="refuse" value="1">Refuser</button></form></html>`;

const answer = provider.callback();
createServer(async (request, response) => {
  try {
    const uid = /^\/login\/([\w-]+)$/.exec(request.url)?.[1];
    if (uid === undefined) return answer(request, response);
    if (request.method === 'GET') {
      response.setHeader('content-type', 'text/html');
      return response.end(page(uid));
    }

    let body = '';
    for await (const part of request) body += part;
    const form = new URLSearchParams(body);
    const result = form.has('refuse')
      ? { error: 'access_denied', error_description: 'refused' }
      : { login: { accountId: form.get('login'), amr: form.has('otp') ? ['pwd', 'otp'] : ['pwd'], acr: form.get('login').split('+').includes('strong') ? 'urn:institut:deux' : undefined } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
}).listen(Number(port), '127.0.0.1', () => console.log('listening'));
