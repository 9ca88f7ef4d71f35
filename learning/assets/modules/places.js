// Keeps where a lesson is read, so that it goes on there on any device, and goes there when the page is opened.
// Without it a link on top of the page leads to the same place, once an answer or "weiter" has opened the course.

const PAUSE = 1500;

export function keepPlace() {
  const lesson = document.querySelector("[data-place]");
  if (!lesson) return;
  let sent = lesson.dataset.placeLast;
  const hasFocus = location.hash || document.querySelector("[autofocus]");
  if (sent && !hasFocus && !wasHere()) goTo(document.getElementById(sent));

  const sections = [...lesson.querySelectorAll("[id^='abschnitt-']")];
  const current = () => {
    const line = window.innerHeight / 3;
    const passed = sections.filter((section) => section.getBoundingClientRect().top <= line);
    return passed.at(-1)?.id ?? "";
  };
  const send = () => {
    const place = current();
    if (place === sent) return;
    sent = place;
    post(lesson, place);
  };

  let waiting = 0;
  addEventListener(
    "scroll",
    () => {
      clearTimeout(waiting);
      waiting = setTimeout(send, PAUSE);
    },
    { passive: true },
  );
  addEventListener("pagehide", send);
  // Being opened is the first place: it says that the course was begun.
  post(lesson, sent);
}

// The next Tab goes on from there as well, not from the top of the page.
function goTo(section) {
  if (!section) return;
  section.tabIndex = -1;
  section.focus();
  section.blur();
  section.scrollIntoView();
}

function wasHere() {
  const [entry] = performance.getEntriesByType("navigation");
  return entry && entry.type !== "navigate";
}

function post(lesson, place) {
  const body = new URLSearchParams({ stelle: place, csrf_token: lesson.dataset.placeToken });
  fetch(lesson.dataset.place, { method: "POST", body, keepalive: true, credentials: "same-origin" }).catch(() => {});
}
