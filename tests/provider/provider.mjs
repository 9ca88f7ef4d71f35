// A real OpenID provider for tests: `node provider.mjs RETURN-ADDRESS SIGN-OUT-ADDRESS BACK-CHANNEL-ADDRESS ACCOUNTS`.
// ACCOUNTS is JSON, claims by account name; any password opens an account. Prints its issuer once it listens.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const [returnAddress, signOutAddress, backChannelAddress, accountsText] = process.argv.slice(2);
const accounts = JSON.parse(accountsText);
const server = createServer();

function account(id) {
  return accounts[id] && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) };
}

server.listen(0, "127.0.0.1", () => {
  const issuer = `http://localhost:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "impuls",
        client_secret: "ein-Geheimnis-nur-zum-Testen",
        redirect_uris: [returnAddress],
        post_logout_redirect_uris: [signOutAddress],
        backchannel_logout_uri: backChannelAddress,
        backchannel_logout_session_required: true,
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["personnel_number"] },
    cookies: { keys: ["nur zum Testen"] },
    features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
    fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined }), // The address is on this machine.
    findAccount: (_context, id) => account(id),
    pkce: { required: () => true },
    renderError: (context, out) => {
      context.type = "text/plain";
      context.body = JSON.stringify(out);
    },
  });
  provider.on("backchannel.error", (_context, error) => console.error(String(error)));
  server.on("request", provider.callback());
  console.log(issuer);
});
