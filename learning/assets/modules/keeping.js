// Saves the answers of a test as they are given, says in words how far that is, and turns the pages of the test without
// a connection. Without it the same forms save with every "Weiter".
import { AnswerQueue } from "./answer_queue.js";

const NOTHING = ["csrf_token", "stelle", "fassung", "schluessel", "zu"];
const LOOK = { saved: ["ok", "check"], saving: ["idle", "autorenew"] };
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
    this.timers = new Map();
    this.queue = new AnswerQueue({
      person: this.person,
      token: () => this.form.elements.csrf_token.value,
      renew: () => this.renewToken(),
      tell: (state, entry, answer) => this.tell(state, entry, answer),
    });
  }

  begin() {
    addEventListener("pagehide", () => this.saveTyping());
    addEventListener("beforeunload", (event) => {
      this.saveTyping();
      if (this.queue.size) event.preventDefault();
    });
    document.addEventListener("input", (event) => this.changed(event.target, event.target.matches("[type=text], textarea") ? TYPING : 0));
    document.addEventListener("submit", (event) => this.submitted(event), true);
    addEventListener("popstate", () => {
      const number = Number(location.pathname.split("/").at(-1));
      const form = this.forms.get(number - 1);
      if (form) this.turnTo(form, number);
      else location.reload();
    });
    this.showWaiting();
    if (this.queue.size) this.queue.sendNow();
    this.fetchPages();
  }

  changed(field, pause) {
    const form = field.closest("form[data-attempt]");
    if (form !== this.form || Number(form.dataset.item) < 0) return;
    clearTimeout(this.timers.get(form));
    if (pause) this.timers.set(form, setTimeout(() => this.save(form), pause));
    else this.save(form);
  }

  saveTyping() {
    for (const form of [...this.timers.keys()]) this.save(form);
  }

  save(form) {
    clearTimeout(this.timers.get(form));
    this.timers.delete(form);
    const item = Number(form.dataset.item);
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (!NOTHING.includes(name)) (fields[name] ??= []).push(value);
    }
    const base = Number(form.elements.fassung.value);
    const entry = this.queue.add({ attempt: this.attempt, address: form.dataset.save, item, base, fields });
    // If the form itself is sent before the answer is acknowledged, it is the same request.
    form.elements.schluessel.value = entry.key;
    const given = Object.values(fields).flat().some((value) => value.trim());
    for (const one of this.forms.values()) {
      one.querySelectorAll(`.qnav button[value="${item + 1}"]`).forEach((button) => button.classList.toggle("is-done", given));
    }
  }

  // Buttons of the form: other questions are turned to in place, everything else waits until all is saved.
  submitted(event) {
    const form = event.target;
    if (form.matches('[action="/abmelden"]') && this.queue.size) {
      if (!confirm(this.words.leaving)) event.preventDefault();
      return;
    }
    if (form !== this.form) return;
    this.saveTyping();
    const target = event.submitter?.value ?? "";
    const there = this.forms.get(Number(target) - 1);
    if (there && Number(form.dataset.item) >= 0) {
      event.preventDefault();
      this.turnTo(there, target);
    } else if (this.queue.size) {
      event.preventDefault();
      this.whenSaved(form, event.submitter);
    }
  }

  async whenSaved(form, submitter) {
    await this.queue.sendNow();
    if (this.queue.size) this.show("still-here");
    else form.requestSubmit(submitter);
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
    if (this.queue.size) this.show("waiting");
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
      if (form) fill(form, entry.fields);
    }
  }

  async renewToken() {
    const response = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const form = page.querySelector("form[data-attempt]");
    if (form?.dataset.person === this.person) {
      for (const one of this.forms.values()) one.elements.csrf_token.value = form.elements.csrf_token.value;
    }
    return form?.dataset.person ?? (response.ok ? "nobody" : "");
  }

  get words() {
    return this.form.querySelector("[data-kept]").dataset;
  }

  tell(state, entry, answer) {
    const form = this.forms.get(entry.item);
    if (entry.attempt === this.attempt && form) {
      if (answer?.version) form.elements.fassung.value = Math.max(answer.version, Number(form.elements.fassung.value));
      if (state === "elsewhere") fill(form, answer.fields);
    }
    if (state === "saved" && this.queue.size) return;
    this.show(state, answer?.server_time);
  }

  show(state, time) {
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
    if (state === "signed-out") line.append(" ", link(words.signIn, `/anmelden?weiter=${encodeURIComponent(location.pathname)}`));
    if (state === "elsewhere" || state === "refused") line.append(" ", link(words.reload, location.pathname));
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
