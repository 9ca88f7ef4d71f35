// Answers practice questions without leaving the page: sends the very form that works without scripts, asks for the one
// card instead of the whole page, swaps it in and takes focus and announcement along. Without a connection the card
// stays with all that was typed and says so; if anything else fails, the form is sent the ordinary way.

const PART = { "Impuls-Teil": "frage" };

export function answerInPlace() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-question]");
    if (!form) return;
    event.preventDefault();
    // The second half of a double click.
    if (form.dataset.sending) return;
    form.dataset.sending = "yes";
    const body = new URLSearchParams(new FormData(form, event.submitter));
    swap(form, form.action, { method: "POST", body, headers: PART }).catch((error) => {
      delete form.dataset.sending;
      if (!stayed(form, error)) sendOrdinarily(form, event.submitter);
    });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-retry]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const form = link.closest("form");
    swap(form, link.dataset.retry, { headers: PART }).catch((error) => {
      if (!stayed(form, error)) location.assign(link.href);
    });
  });
}

async function swap(form, address, request) {
  const response = await fetch(address, { ...request, credentials: "same-origin" });
  if (!response.ok || response.redirected) throw new Error(String(response.status));
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const card = page.querySelector("form[data-question]");
  if (!card) throw new Error("no question in the answer");
  form.replaceWith(card);
  focusOn(card);
}

// After an answer the verdict is what one wants to hear first; after a mistake or for a new try, the question.
function focusOn(card) {
  const verdict = card.querySelector(".question__result, .kern-error");
  const target = verdict ?? card.querySelector("fieldset");
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  const status = document.getElementById("ansage");
  if (status) status.textContent = card.querySelector(".verdict")?.textContent.trim() ?? "";
}

// Where nothing was reached (fetch says so with a TypeError), leaving the page would lose what is typed in it.
function stayed(form, error) {
  const words = document.getElementById("ansage")?.dataset.offline;
  if (!(error instanceof TypeError) || !words) return false;
  let told = form.querySelector("[data-offline-note]");
  if (!told) {
    told = document.createElement("p");
    told.className = "callout callout--soon callout--plain";
    told.dataset.offlineNote = "";
    told.setAttribute("role", "alert");
    form.append(told);
  }
  const icon = document.createElement("span");
  icon.className = "kern-icon kern-icon--warning";
  icon.ariaHidden = "true";
  const text = document.createElement("span");
  text.textContent = words;
  told.replaceChildren(icon, text);
  return true;
}

function sendOrdinarily(form, submitter) {
  if (submitter?.name) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: submitter.name, value: submitter.value });
    form.append(field);
  }
  form.submit();
}
