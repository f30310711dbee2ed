// The way out takes the place of this page in the history, and leads out of a frame too.
const wayOut = document.querySelector(".leave");
const leave = () => {
  document.body.hidden = true;
  document.title = wayOut.hostname;
  try {
    top.location.replace(wayOut.href);
  } catch {
    location.replace(wayOut.href);
  }
};
wayOut.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
document.querySelector(".leave-key").hidden = false;
let presses = [];
addEventListener("keydown", (event) => {
  if (event.repeat) return;
  presses = event.key === "Shift" ? [...presses.slice(-2), event.timeStamp] : [];
  if (presses.length === 3 && presses[2] - presses[0] < 3000) leave();
});
// A jump within the page leaves no page behind in the history, and opens what it leads into.
addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const around = document.getElementById(link.hash.slice(1))?.closest("details");
  if (around) around.open = true;
  location.replace(link.hash);
});
// Beside the text, the contents are always open.
const contents = document.querySelector(".contents details");
if (contents && matchMedia("(min-width: 70rem)").matches) contents.open = true;
// The numbers under a heading, or of a table, are one stop of the tab key; arrows lead on.
const groups = new Map();
let heading = null;
for (const item of document.querySelectorAll("h2, h3, h4, .number")) {
  if (!item.matches(".number")) {
    heading = item;
    continue;
  }
  const place = item.closest("table") ?? heading;
  groups.set(place, [...(groups.get(place) ?? []), item]);
}
const groupOf = new Map();
for (const numbers of groups.values()) {
  for (const number of numbers) {
    number.tabIndex = number === numbers[0] ? 0 : -1;
    groupOf.set(number, numbers);
  }
}
addEventListener("keydown", (event) => {
  const number = event.target.closest(".number");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!number || !step) return;
  const numbers = groupOf.get(number);
  const next = numbers[numbers.indexOf(number) + step];
  if (!next) return;
  event.preventDefault();
  number.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});
