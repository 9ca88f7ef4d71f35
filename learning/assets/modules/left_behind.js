// Answers that were left on this device, by a closed window or a crash, are sent from whatever page their person opens
// next, and the page says so. Signing out asks first. The page of a test does all this by itself (keeping.js).
import { AnswerQueue } from "./answer_queue.js";
import { signInState } from "./sign_in_state.js";

export async function sendLeftBehind() {
  const line = document.querySelector("[data-left-behind]");
  if (!line || document.querySelector("form[data-attempt]")) return;
  let token = "";
  const renew = async () => {
    const state = await signInState();
    token = state.form_token;
    return state.person ?? "nobody";
  };
  const queue = new AnswerQueue({ person: line.dataset.leftBehind, token: () => token, renew, tell: () => say() });
  await queue.restore();
  const first = queue.entries();
  if (!first.length) return;

  const count = queue.size;
  const say = () => {
    const left = queue.size;
    const { one, many, waiting } = line.dataset;
    const text = left ? waiting : count === 1 ? one : many;
    line.querySelector("[data-said]").textContent = text.replace("{count}", left || count);
    line.querySelector("a").href = first[0].address.replace(/\/[^/]*$/, "");
    line.hidden = false;
  };
  document.addEventListener("submit", (event) => {
    const isSigningOut = event.target.matches('[action="/abmelden"]');
    if (isSigningOut && queue.size && !confirm(line.dataset.leaving)) event.preventDefault();
  });
  say();
  renew()
    .then((person) => person === line.dataset.leftBehind && queue.sendNow())
    .catch(() => queue.sendAfter(1000));
}
