// Saves the answers of a test as they are given, says in words how far that is, and turns the pages of the test without
// a connection. Without it the same forms save with every "Weiter".
import { AnswerQueue } from "./answer_queue.js";
import { signInState } from "./sign_in_state.js";

const NOTHING = ["csrf_token", "stelle", "fassung", "schluessel", "zu"];
const LOOK = { saved: ["ok", "check"], "all-saved": ["ok", "check"], saving: ["idle", "autorenew"] };
const TYPED = "input[type=text], textarea";
const TYPING = 800;

export function keepAnswers() {
  const form = document.querySelector("form[data-attempt]");
  if (!form) return;
  const test = new Test(form);
  test.begin();
}

class Test {
  constructor(form) {
    this.form = form;
    this.attempt = form.dataset.attempt;
    this.person = form.dataset.person;
    this.forms = new Map([[Number(form.dataset.item), form]]);
    this.isLeaving = false;
    this.queue = new AnswerQueue({
      person: this.person,
      token: () => this.form.elements.csrf_token.value,
      renew: () => this.renewToken(),
      tell: (state, entry, answer) => this.tell(state, entry, answer),
    });
  }

  begin() {
    addEventListener("beforeunload", (event) => {
      if (!this.queue.isEmpty && !this.isLeaving) event.preventDefault();
    });
    document.addEventListener("input", (event) => this.changed(event.target));
    document.addEventListener("submit", (event) => this.submitted(event), true);
    addEventListener("popstate", () => {
      const number = Number(location.pathname.split("/").at(-1));
      const form = this.forms.get(number - 1);
      // Following a link within the page, such as the one to the content, is told as well.
      if (form === this.form) return;
      if (form) this.turnTo(form, number);
      else location.reload();
    });
    addEventListener("pageshow", () => {
      this.isLeaving = false;
    });
    // Another window has sent what waited here.
    addEventListener("storage", () => {
      if (["waiting", "saving", "still-here"].includes(this.said?.state) && this.queue.isEmpty) this.show("all-saved");
    });
    this.sendWaiting();
    this.queue.restore().then(() => this.sendWaiting());
    this.fetchPages();
  }

  sendWaiting() {
    if (this.queue.isEmpty) return;
    this.showWaiting();
    this.show("saving");
    this.queue.sendNow();
  }

  changed(field) {
    const form = field.closest("form[data-attempt]");
    if (form !== this.form || Number(form.dataset.item) < 0) return;
    const item = Number(form.dataset.item);
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (!NOTHING.includes(name)) (fields[name] ??= []).push(value);
    }
    const base = Number(form.elements.fassung.value);
    const answer = { attempt: this.attempt, address: form.dataset.save, item, base, fields };
    const entry = this.queue.add(answer, field.matches(TYPED) ? TYPING : 0);
    // If the form itself is sent before the answer is acknowledged, it is the same request.
    form.elements.schluessel.value = entry.key;
    for (const one of this.forms.values()) countAnswer(one, item, isComplete(form));
  }

  // Buttons of the form: other questions are turned to in place, everything else waits until all is saved.
  submitted(event) {
    const form = event.target;
    if (form !== this.form || this.isLeaving) return;
    event.preventDefault();
    const target = event.submitter?.value ?? "";
    const there = this.forms.get(Number(target) - 1);
    if (there && Number(form.dataset.item) >= 0) this.turnTo(there, target);
    else this.leave(form, event.submitter);
  }

  // The page is only left for another when nothing waits and somebody is there to answer.
  async leave(form, submitter) {
    await this.queue.sendNow();
    if (!this.queue.isEmpty) {
      if (this.said.state === "waiting") this.show("still-here");
      return;
    }
    const state = await signInState().catch(() => null);
    if (!state) return this.show("unreachable");
    if (state.person !== this.person) return this.show("signed-out");
    form.elements.csrf_token.value = state.form_token;
    this.isLeaving = true;
    form.requestSubmit(submitter);
  }

  turnTo(form, number) {
    if (form !== this.form) this.form.replaceWith(form);
    this.form = form;
    const address = `${form.dataset.pages}/${number}`;
    if (location.pathname !== address) history.pushState(null, "", address);
    document.title = document.title.replace(/^[^,]*/, form.querySelector(".eyebrow").textContent);
    const legend = form.querySelector("fieldset");
    legend.tabIndex = -1;
    legend.focus({ preventScroll: true });
    scrollTo(0, 0);
    if (this.said) this.show(this.said.state, this.said.time);
  }

  // All questions at once, so that losing the connection later loses no page.
  async fetchPages() {
    if (Number(this.form.dataset.item) < 0) return;
    try {
      const response = await fetch(this.form.dataset.pages, { credentials: "same-origin" });
      if (!response.ok || response.redirected) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const form of page.querySelectorAll("form[data-attempt]")) {
        const item = Number(form.dataset.item);
        if (form.dataset.person === this.person && !this.forms.has(item)) this.forms.set(item, document.adoptNode(form));
      }
      this.showWaiting();
    } catch {
      // Without a connection from the start there is nothing to turn to.
    }
  }

  // Answers that wait on this device stand in the page again, before they are sent.
  showWaiting() {
    for (const entry of this.queue.entries(this.attempt)) {
      const form = this.forms.get(entry.item);
      if (!form) continue;
      fill(form, entry.fields);
      for (const one of this.forms.values()) countAnswer(one, entry.item, isComplete(form));
    }
  }

  async renewToken() {
    const { person, form_token: token } = await signInState();
    if (person === this.person) {
      for (const one of this.forms.values()) one.elements.csrf_token.value = token;
    }
    return person ?? "nobody";
  }

  tell(state, entry, answer) {
    const form = this.forms.get(entry.item);
    if (entry.attempt === this.attempt && form) {
      if (answer?.version) form.elements.fassung.value = Math.max(answer.version, Number(form.elements.fassung.value));
      if (state === "elsewhere") this.givenElsewhere(form, entry, answer);
    }
    if (state === "saved" && !this.queue.isEmpty) return;
    this.show(state, answer?.server_time);
  }

  givenElsewhere(form, entry, answer) {
    const isOther = JSON.stringify(entry.fields) !== JSON.stringify(answer.fields);
    this.unsaved = isOther ? { item: entry.item, fields: entry.fields } : null;
    fill(form, answer.fields);
    for (const one of this.forms.values()) countAnswer(one, entry.item, isComplete(form));
  }

  show(state, time) {
    this.said = { state, time };
    const line = this.form.querySelector("[data-kept]");
    const words = line.dataset;
    const [look, icon] = LOOK[state] ?? ["soon", "warning"];
    const count = this.queue.size;
    const clock = time ? new Date(time).toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" }) : "";
    const name = state.replace(/-./g, (pair) => pair[1].toUpperCase());
    const text = state === "waiting" && count === 1 ? words.waitingOne : words[name];
    const sign = Object.assign(document.createElement("span"), { className: `kern-icon kern-icon--${icon}` });
    sign.setAttribute("aria-hidden", "true");
    line.className = `status status--${look}`;
    line.replaceChildren(sign, text.replace("{time}", clock).replace("{count}", count));
    if (state === "signed-out") line.append(" ", this.signInLink(words.signIn));
    if (state === "refused") line.append(" ", link(words.reload, location.pathname));
    if (state === "elsewhere" && this.unsaved) line.append(" ", this.takeButton(words.take));
  }

  // What was answered here stays at hand, though the answer from the other window counts and is shown.
  takeButton(text) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "as-link", textContent: text });
    button.addEventListener("click", () => {
      const { item, fields } = this.unsaved;
      const form = this.forms.get(item);
      if (form !== this.form) this.turnTo(form, item + 1);
      fill(form, fields);
      this.changed(form.querySelector("fieldset :is(input, select, textarea)"));
      form.querySelector("fieldset").focus();
    });
    return button;
  }

  // Whoever signs in again comes back to this question, so there is nothing to warn of.
  signInLink(text) {
    const made = link(text, `/anmelden?weiter=${encodeURIComponent(location.pathname)}`);
    made.addEventListener("click", () => {
      this.isLeaving = true;
    });
    return made;
  }
}

function link(text, href) {
  return Object.assign(document.createElement("a"), { textContent: text, href });
}

function fill(form, fields) {
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.tagName === "BUTTON") continue;
    const values = fields[field.name] ?? [];
    if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
    else field.value = values[0] ?? "";
  }
}

// Whether every field of a question has its answer, as the page of the server would count it.
function isComplete(form) {
  const fields = [...form.querySelectorAll("fieldset :is(input, select, textarea)")];
  const names = new Set(fields.map((field) => field.name));
  const isGiven = (field) => (["radio", "checkbox"].includes(field.type) ? field.checked : field.value.trim());
  return [...names].every((name) => fields.some((field) => field.name === name && isGiven(field)));
}

// The overview beside a question, in sight and for the ear.
function countAnswer(form, item, isAnswered) {
  const steps = [...form.querySelectorAll(".qnav button")];
  steps[item]?.classList.toggle("is-done", isAnswered);
  const told = steps[item]?.querySelector("[data-answered]");
  if (told) told.textContent = isAnswered ? told.dataset.answered : told.dataset.open;
  const total = form.querySelector("[data-count]");
  if (total) total.textContent = total.dataset.count.replace("{done}", steps.filter((one) => one.matches(".is-done")).length);
}
