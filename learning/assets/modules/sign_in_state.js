// Asks the server who is signed in now, and for the token that forms of this session carry. Fails without a connection.

const PATIENCE = 15_000;

export async function signInState() {
  const response = await fetch("/anmeldung/stand", {
    credentials: "same-origin",
    cache: "no-store",
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}
