// A second copy of answers that wait, in IndexedDB: it is on disk as soon as it is written, while localStorage reaches
// the disk some seconds later, too late when the browser is killed or the power fails. Where there is no IndexedDB,
// nothing is mirrored and nothing fails.

const NAME = "impuls";
const STORE = "answers";

export class AnswerMirror {
  put(name, entry) {
    return this.change((store) => store.put(entry, name));
  }

  remove(name) {
    return this.change((store) => store.delete(name));
  }

  // Everything whose name begins with `prefix`, as [name, entry].
  async entries(prefix) {
    try {
      const store = (await this.database()).transaction(STORE).objectStore(STORE);
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      const [names, entries] = await Promise.all([done(store.getAllKeys(range)), done(store.getAll(range))]);
      return names.map((name, at) => [name, entries[at]]);
    } catch {
      return [];
    }
  }

  async change(act) {
    try {
      const transaction = (await this.database()).transaction(STORE, "readwrite", { durability: "strict" });
      await done(act(transaction.objectStore(STORE)));
    } catch {
      // localStorage still has it.
    }
  }

  database() {
    this.opened ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return this.opened;
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
