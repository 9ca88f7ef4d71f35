// Answers that are not yet acknowledged, kept in localStorage before they are sent and removed only when the server has
// said "saved" with the same key. Bound to a person: whoever else uses this browser neither sees nor sends them.
import { AnswerMirror } from "./answer_mirror.js";

const PREFIX = "impuls-antworten";
const LONGEST_PAUSE = 30_000;
const PATIENCE = 15_000;

export class AnswerQueue {
  // `tell(state, entry, answer)` hears of every change; `token()` is the current token of the forms.
  constructor({ person, token, renew, tell }) {
    Object.assign(this, { person, token, renew, tell, pause: 0, timer: 0, running: null, mirror: new AnswerMirror() });
    // Whichever window sends an answer, the one in which it was given hears what became of it.
    this.given = new Map();
    // Keys of answers that wait no more. A second copy that is read late, or a try that fails late, brings none back.
    this.finished = new Set();
    this.windows = new BroadcastChannel(PREFIX);
    this.windows.addEventListener("message", ({ data }) => this.sentElsewhere(data));
    addEventListener("online", () => this.sendNow());
    addEventListener("pagehide", () => this.sendLast());
  }

  // After a crash of the whole browser: what reached the disk only as the second copy. Sending it twice is harmless.
  async restore() {
    for (const [name, entry] of await this.mirror.entries(`${PREFIX}:${this.person}:`)) {
      if (localStorage.getItem(name) || this.finished.has(entry.key)) continue;
      localStorage.setItem(name, JSON.stringify(entry));
    }
  }

  // One item of storage for each answer, so that two windows never overwrite each other's list.
  entries(attempt = "") {
    const own = `${PREFIX}:${this.person}:`;
    const names = Object.keys(localStorage).filter((name) => name.startsWith(own + attempt));
    // Another window may have sent and removed one since its name was read.
    const found = names.map((name) => JSON.parse(localStorage.getItem(name))).filter((entry) => entry);
    return found.sort((one, other) => one.seq - other.seq);
  }

  get isEmpty() {
    return !this.entries().length;
  }

  // Questions whose answer waits: one that was changed twice without a connection is still one answer to its person.
  get size() {
    return new Set(this.entries().map((entry) => `${entry.attempt}:${entry.item}`)).size;
  }

  nameOf(entry) {
    return `${PREFIX}:${this.person}:${entry.attempt}:${entry.key}`;
  }

  keep(entry) {
    localStorage.setItem(this.nameOf(entry), JSON.stringify(entry));
    this.mirror.put(this.nameOf(entry), entry);
  }

  drop(entry) {
    this.finished.add(entry.key);
    localStorage.removeItem(this.nameOf(entry));
    this.mirror.remove(this.nameOf(entry));
  }

  // Kept at once, sent after `pause` milliseconds: typing is one answer, not one for each key.
  add({ attempt, address, item, base, fields }, pause = 0) {
    // An answer to the same question that nobody has sent yet is replaced; what is on its way stays as it is.
    const waiting = this.entries(attempt).find((one) => one.item === item && !one.sent);
    const entry = { key: crypto.randomUUID(), attempt, address, item, base, fields, seq: Date.now(), sent: false };
    this.keep(entry);
    this.given.set(entry.key, entry);
    if (waiting) this.drop(waiting);
    this.tell("saving", entry);
    if (pause) this.sendAfter(pause);
    else this.sendNow();
    return entry;
  }

  sendAfter(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.sendNow(), pause);
  }

  sendNow() {
    clearTimeout(this.timer);
    this.running ??= this.sendAll().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async sendAll() {
    for (let entry = this.entries()[0]; entry; entry = this.entries()[0]) {
      if (!(await this.sendOne(entry))) return;
    }
    this.pause = 0;
  }

  // True: on to the next answer. False: wait, or ask the person.
  async sendOne(entry) {
    this.keep({ ...entry, sent: true });
    let response, answer;
    try {
      response = await this.post(entry);
      answer = await response.json().catch(() => ({}));
    } catch {
      if (!this.finished.has(entry.key)) return this.later("waiting", entry);
      // Another window has succeeded meanwhile, so it is saved all the same.
      this.drop(entry);
      return true;
    }
    if (response.status === 200 && answer.key === entry.key) return this.acknowledged(entry, answer);
    if (response.status === 401) return this.later("signed-out", entry);
    if (response.status === 403) return this.renewed(entry);
    if (response.status === 409 && answer.reason === "changed-elsewhere") return this.settled("elsewhere", entry, answer);
    if ([400, 404, 409, 413].includes(response.status) && answer.reason) return this.settled("refused", entry, answer);
    return this.later("waiting", entry, Number(response.headers.get("Retry-After")) * 1000);
  }

  post(entry) {
    const { key, item, base, fields } = entry;
    return fetch(entry.address, {
      method: "POST",
      body: JSON.stringify({ key, item, base, fields }),
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token() },
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE),
    });
  }

  acknowledged(entry, answer) {
    this.drop(entry);
    this.renewedOnce = false;
    this.pause = 0;
    this.windows.postMessage({ key: entry.key, attempt: entry.attempt, answer });
    this.saved(entry, answer);
    return true;
  }

  sentElsewhere({ key, attempt, answer }) {
    // This window may have written it down again, to try once more, after the other one had removed it.
    this.drop({ key, attempt });
    const entry = this.given.get(key);
    if (entry) this.saved(entry, answer);
  }

  saved(entry, answer) {
    this.given.delete(entry.key);
    // What was changed on this page in the meantime was changed from the answer that is saved now.
    for (const later of this.entries(entry.attempt)) {
      if (later.item === entry.item && later.base < answer.version && later.seq >= entry.seq) {
        this.keep({ ...later, base: answer.version });
      }
    }
    this.tell(answer.counts ? "saved" : "too-late", entry, answer);
  }

  // The server will never take it as it is; the person is told and sees what counts.
  settled(state, entry, answer) {
    this.drop(entry);
    this.given.delete(entry.key);
    this.tell(state, entry, answer);
    return true;
  }

  // After signing in again the page's token is out of date; who signed in may be somebody else.
  async renewed(entry) {
    const person = await this.renew().catch(() => "");
    if (person !== this.person) return this.later(person ? "signed-out" : "waiting", entry);
    if (this.renewedOnce) return this.later("waiting", entry);
    this.renewedOnce = true;
    return true;
  }

  later(state, entry, wished = 0) {
    this.renewedOnce = false;
    this.tell(state, entry);
    this.pause = Math.min(this.pause ? this.pause * 2 : 1000, LONGEST_PAUSE);
    this.sendAfter(Math.max(this.pause * (0.75 + Math.random() / 2), wished || 0));
    return false;
  }

  // The page closes: send once more without waiting for an answer; the entries stay and are sent again next time.
  sendLast() {
    for (const { key, item, base, fields, address } of this.entries()) {
      const form = new FormData();
      form.set("csrf_token", this.token());
      form.set("antwort", JSON.stringify({ key, item, base, fields }));
      navigator.sendBeacon(address, form);
    }
  }
}
