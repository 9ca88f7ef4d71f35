// Preview only: asks once a second whether a file of the course has changed, and shows the page anew where it stood.
// The address answers 304 while nothing has changed. A hidden window does not ask.

const EVERY = 1000;
const PLACE = "impuls-place";

export function watchSources() {
  const bar = document.querySelector("[data-sources]");
  if (!bar) return;
  const place = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  if (place?.startsWith(`${location.pathname} `)) scrollTo({ top: Number(place.split(" ")[1]), behavior: "instant" });

  const ask = async () => {
    if (document.hidden) return;
    try {
      const headers = { "If-None-Match": `"${bar.dataset.state}"` };
      const response = await fetch(bar.dataset.sources, { headers, cache: "no-store" });
      if (response.status === 200) changed(bar, response);
      bar.dataset.connection = "on";
    } catch {
      bar.dataset.connection = "off";
    }
  };
  setInterval(ask, EVERY);
}

// The answer to a form cannot be loaded again without sending it again, so such a page only says that there is news.
function changed(bar, response) {
  if (!bar.dataset.reload) {
    bar.dataset.state = response.headers.get("ETag").replaceAll('"', "");
    bar.querySelector("[data-changed]").hidden = false;
    return;
  }
  sessionStorage.setItem(PLACE, `${location.pathname} ${scrollY}`);
  location.replace(location.href.split("#")[0]);
}
