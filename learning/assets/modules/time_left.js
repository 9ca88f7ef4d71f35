// Counts down the minutes of a test with a time limit, by what the server said is left, never by the clock of this device.
// Announced are the last five minutes and the last one. Without it the page says until when.

const ANNOUNCED = [5, 1];

export function countDown() {
  const line = document.querySelector("[data-seconds-left]");
  if (!line) return;
  const words = line.dataset;
  const shown = document.createElement("span");
  const said = Object.assign(document.createElement("span"), { className: "for-ear" });
  said.setAttribute("role", "status");
  line.replaceChildren(shown, said);
  const end = Date.now() + words.secondsLeft * 1000;
  let announced = Infinity;

  const tick = () => {
    const seconds = Math.max(0, (end - Date.now()) / 1000);
    const minutes = Math.ceil(seconds / 60);
    const text = seconds === 0 ? words.over : minutes === 1 ? words.minute : words.minutes.replace("{count}", minutes);
    if (shown.textContent !== text) shown.textContent = text;
    if (minutes < announced && (ANNOUNCED.includes(minutes) || seconds === 0)) {
      announced = minutes;
      said.textContent = text;
    }
    if (seconds > 0) setTimeout(tick, 1000);
    else line.append(" ", Object.assign(document.createElement("a"), { href: location.pathname, textContent: words.result }));
  };
  tick();
}
