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
// A jump within the page leaves no page behind in the history.
addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  location.replace(link.hash);
});
// The numbers of a paragraph, a list or a table are one stop of the tab key; arrows lead on.
const numbersWith = (number) =>
  [...number.closest("p, ul, ol, table, figcaption").querySelectorAll(".number")];
for (const number of document.querySelectorAll(".number")) {
  number.tabIndex = number === numbersWith(number)[0] ? 0 : -1;
}
addEventListener("keydown", (event) => {
  const number = event.target.closest(".number");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!number || !step) return;
  const numbers = numbersWith(number);
  const next = numbers[numbers.indexOf(number) + step];
  if (!next) return;
  event.preventDefault();
  number.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});
