// Says in time that the session ends for want of use, on pages with a form. Without it nothing is lost either: a form that
// is sent too late is held until one has signed in again.

const EARLY = 5 * 60_000;
const LAST_USE = "impuls-zuletzt";

export function warnOfSessionEnd() {
  const note = document.querySelector("[data-session-minutes]");
  if (!note) return;
  note.hidden = false; // Empty it takes no room, and screen readers notice when it is filled.
  const lasts = note.dataset.sessionMinutes * 60_000;
  const early = Math.min(EARLY, lasts / 2);
  let timer = 0;

  const used = () => {
    localStorage.setItem(LAST_USE, Date.now());
    if (note.textContent !== note.dataset.stayed) note.replaceChildren();
    wait();
  };
  // Another window may have used the session since.
  const wait = () => {
    const idle = Date.now() - Number(localStorage.getItem(LAST_USE));
    const [next, act] = idle < lasts - early ? [lasts - early - idle, wait] : [lasts - idle, over];
    if (act === over && !note.querySelector("button")) note.replaceChildren(note.dataset.soon, " ", stay());
    clearTimeout(timer);
    if (document.querySelector("main form[method='post']")) timer = setTimeout(next > 0 ? act : over, Math.max(next, 0));
  };
  const over = () => {
    if (Date.now() - Number(localStorage.getItem(LAST_USE)) < lasts) wait();
    else note.replaceChildren(note.dataset.over);
  };
  const stay = () => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: note.dataset.stay });
    button.addEventListener("click", async () => {
      const response = await fetch(note.dataset.address, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
      const { person } = response?.ok ? await response.json() : {};
      if (!person) return over();
      used();
      note.replaceChildren(note.dataset.stayed);
    });
    return button;
  };

  used();
  // Saving an answer uses the session as well.
  new PerformanceObserver((list) => {
    if (list.getEntries().some((entry) => entry.initiatorType === "fetch" && (entry.responseStatus ?? 200) === 200)) used();
  }).observe({ type: "resource" });
}
