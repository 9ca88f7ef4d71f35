// A browser can bring a page back as it was when somebody goes back to it. Where another person has signed in since, or
// nobody is signed in any more, that page is not theirs to see: it stays hidden until the server has said who is here.
import { signInState } from "./sign_in_state.js";

export function guardRestoredPages() {
  const person = document.body.dataset.person;
  if (!person) return;
  addEventListener("pagehide", (event) => {
    if (event.persisted) document.documentElement.dataset.away = "yes";
  });
  addEventListener("pageshow", async (event) => {
    if (!event.persisted) return;
    const state = await signInState().catch(() => null);
    if (state?.person === person) delete document.documentElement.dataset.away;
    else location.reload();
  });
}
