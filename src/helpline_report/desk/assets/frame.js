// Shows the page anew when the server says so, at the place that was being read.
"use strict";

const pages = document.getElementById("pages");
const panel = document.getElementById("troubles");
const state = document.getElementById("state");
let shown = 0;

// The last element with a name above the top of the window, and how far above: what stands before
// it may have become longer or shorter.
function placeIn(frame) {
  const view = frame.contentWindow;
  let mark = null;
  for (const element of frame.contentDocument.querySelectorAll("main [id]")) {
    const box = element.getBoundingClientRect();
    if (box.height > 0 && box.top <= 1) mark = { id: element.id, top: box.top };
  }
  const open = [...frame.contentDocument.querySelectorAll("details")].map((each) => each.open);
  return { mark, open, scroll: view.scrollY };
}

function restore(frame, place) {
  const details = [...frame.contentDocument.querySelectorAll("details")];
  if (details.length === place.open.length) {
    details.forEach((each, number) => { each.open = place.open[number]; });
  }
  const element = place.mark && frame.contentDocument.getElementById(place.mark.id);
  const view = frame.contentWindow;
  const top = element
    ? view.scrollY + element.getBoundingClientRect().top - place.mark.top
    : place.scroll;
  view.scrollTo({ top, behavior: "instant" });
}

// The new page is made ready behind the old one, so that nothing flickers.
function renew() {
  const [old, ...others] = pages.querySelectorAll("iframe");
  others.forEach((each) => each.remove());
  const fresh = document.createElement("iframe");
  fresh.title = old.title;
  fresh.className = "coming";
  fresh.addEventListener("load", () => {
    try { restore(fresh, placeIn(old)); } catch { /* the reader had gone to another site */ }
    fresh.className = "";
    old.remove();
  }, { once: true });
  fresh.src = "/page.html";
  pages.append(fresh);
}

function line(name, text) {
  const made = document.createElement("p");
  made.className = name;
  made.textContent = text;
  return made;
}

function tell(troubles) {
  panel.hidden = troubles.length === 0;
  panel.replaceChildren();
  if (panel.hidden) return;
  const title = document.createElement("h2");
  title.textContent = troubles.length === 1 ? "One thing to mend" : `${troubles.length} things to mend`;
  const list = document.createElement("ol");
  for (const trouble of troubles) {
    const item = document.createElement("li");
    item.append(line("what", trouble.what));
    if (trouble.where) item.append(line("where", trouble.where));
    if (trouble.next) item.append(line("next", `→ ${trouble.next}`));
    list.append(item);
  }
  panel.append(title, line("", "Beside it stands the last page that was right."), list);
}

const news = new EventSource("/events");
news.addEventListener("message", (event) => {
  const { version, troubles } = JSON.parse(event.data);
  tell(troubles);
  state.textContent = troubles.length ? "not up to date" : "up to date";
  if (version !== shown && troubles.length === 0) renew();
  shown = version;
});
news.addEventListener("error", () => {
  shown = 0;
  state.textContent = "the preview has ended, or is making the page; it comes back by itself";
});
