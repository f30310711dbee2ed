// The desk: a text is tried while one types, saved when one says so, and figures in it stay whole.
"use strict";

const { root, chapter, lost, stranger, long, busy } = document.body.dataset;
const state = document.getElementById("state");
const PLACEHOLDER = /\{\{[^{}\n]*\}\}/g;
const PAUSE = 400;

async function ask(action, values, file) {
  const type = file ? "application/octet-stream" : "application/json";
  const headers = { "Content-Type": type };
  try {
    const answer = await fetch(`${root}/${action}`, { method: "POST", headers, body: file ?? JSON.stringify(values) });
    if (answer.status === 403) return { good: false, what: stranger, step: "" };
    if (answer.status === 413) return { good: false, what: file ? photograph.querySelector("form").dataset.large : long, step: "" };
    const reply = await answer.json();
    return { good: answer.ok, ...reply };
  } catch {
    return { good: false, what: lost, step: "" };
  }
}

async function part(path) {
  try {
    const answer = await fetch(`${root}/${path}`);
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

// The states of the chapters, and the page if it became another.
async function renew() {
  const html = await part(`state?chapter=${chapter}`);
  if (html === null) return;
  const before = state.querySelector("[data-stamp]").dataset.stamp;
  state.innerHTML = html;
  const frame = document.getElementById("page");
  if (frame && state.querySelector("[data-stamp]").dataset.stamp !== before) reload(frame);
}

// Placeholders: one is a unit, which is taken out whole and never typed into.

function around(text, start, end) {
  for (const match of text.value.matchAll(PLACEHOLDER)) {
    const last = match.index + match[0].length;
    if (start < last && end > match.index) return [match.index, last];
  }
  return null;
}

function keepWhole(event) {
  const text = event.target;
  let [start, end] = [text.selectionStart, text.selectionEnd];
  const deletes = event.inputType.startsWith("delete");
  if (deletes && start === end) {
    if (event.inputType.endsWith("Backward")) start -= 1;
    else end += 1;
  }
  const ends = [around(text, start, start === end ? end : start + 1), around(text, start === end ? start : end - 1, end)];
  const inside = ends.filter((each) => each && (deletes || start !== end || (start > each[0] && end < each[1])));
  if (inside.length === 0) return;
  const [first, last] = [Math.min(start, ...inside.map((e) => e[0])), Math.max(end, ...inside.map((e) => e[1]))];
  if (first === start && last === end && start !== end) return;
  const typed = event.data ?? (event.inputType === "insertLineBreak" ? "\n" : "");
  event.preventDefault();
  text.setSelectionRange(deletes || start !== end ? first : last, last);
  if (deletes) document.execCommand("delete");
  else document.execCommand("insertText", false, typed);
}

// What a word processor leaves in a text: bullets that make no list, its own ends of lines, and marks that nobody sees.
function clean(pasted) {
  return pasted.replace(/[\u00ad\u200b\ufeff]/g, "").replace(/[\v\u2028\u2029]/g, "\n").replace(/^[^\S\n]*[•·▪o]\t/gm, "- ");
}

function insert(text, source) {
  text.focus();
  const within = around(text, text.selectionStart, text.selectionEnd);
  if (within) text.setSelectionRange(within[1], within[1]);
  document.execCommand("insertText", false, source);
}

// A paragraph of its own, behind the one in which the caret stands; its words are chosen, to be typed over.
function addParagraph(text, source, words = source) {
  const next = text.value.indexOf("\n\n", text.selectionEnd);
  const end = next < 0 ? text.value.length : next;
  text.focus();
  text.setSelectionRange(end, end);
  document.execCommand("insertText", false, `${text.value.trim() ? "\n\n" : ""}${source}`);
  const last = text.selectionEnd;
  text.setSelectionRange(last - source.length + source.indexOf(words), last - source.length + source.indexOf(words) + words.length);
}

function addNote(text, words) {
  let number = 1;
  while (text.value.includes(`[^${number}]`)) number += 1;
  insert(text, `[^${number}]`);
  text.setSelectionRange(text.value.length, text.value.length);
  addParagraph(text, `[^${number}]: ${words}`, words);
}

// A block

function show(block, reply) {
  const text = block.querySelector("textarea");
  const wrong = block.querySelector(".wrong");
  if (!reply.good) {
    block.querySelector(".done").textContent = `${reply.what} ${reply.step}`;
    return;
  }
  block.querySelector(".all-chips").innerHTML = reply.chips;
  wrong.innerHTML = reply.complaints;
  text.toggleAttribute("aria-invalid", false);
  if (reply.rendered === null) text.setAttribute("aria-invalid", "true");
  else block.querySelector(".rendered").innerHTML = reply.rendered;
  block.classList.toggle("stale", reply.rendered === null);
  block.querySelector(".standard").hidden = !reply.own;
}

function work(block) {
  const text = block.querySelector("textarea");
  const done = block.querySelector(".done");
  const values = () => ({ chapter, cell: block.dataset.cell, text: text.value, version: block.dataset.version });
  let waiting = 0;
  let turn = 0;

  async function tell(save, own = text.value) {
    clearTimeout(waiting);
    const mine = ++turn;
    const before = text.value;
    const reply = await ask("block", { ...values(), text: own, save });
    if (save && reply.good) block.dataset.version = reply.version;
    // What was typed since is tried, and saved, by itself.
    if (mine !== turn && !(save && reply.good)) return;
    if (mine === turn) show(block, reply);
    if (!save || !reply.good) return;
    if (own === null && text.value === before) text.value = reply.text;
    text.defaultValue = own ?? reply.text;
    if (text.value === (own ?? reply.text)) {
      block.classList.remove("unsaved");
      done.textContent = done.dataset.saved;
    }
    await renew();
  }

  // A browser that goes back may put what was typed there again, as if it were saved.
  addEventListener("pageshow", () => { if (text.value !== text.defaultValue && !block.classList.contains("unsaved")) text.dispatchEvent(new Event("input")); });
  const fit = () => { text.style.height = "auto"; text.style.height = `${text.scrollHeight + 4}px`; };
  fit();
  text.setSelectionRange(text.value.length, text.value.length);
  block.closest("details")?.addEventListener("toggle", fit);
  text.addEventListener("beforeinput", keepWhole);
  text.addEventListener("paste", (event) => {
    event.preventDefault();
    const data = clean(event.clipboardData.getData("text/plain"));
    let handled = false;
    keepWhole({ target: text, inputType: "insertFromPaste", data, preventDefault: () => { handled = true; } });
    if (!handled) document.execCommand("insertText", false, data);
  });
  text.addEventListener("input", () => {
    fit();
    block.classList.add("unsaved");
    done.textContent = done.dataset.unsaved;
    clearTimeout(waiting);
    waiting = setTimeout(tell, PAUSE, false);
  });
  text.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && ["s", "Enter"].includes(event.key)) {
      event.preventDefault();
      tell(true);
    }
  });
  block.querySelector(".save").addEventListener("click", () => tell(true));
  block.querySelector(".standard").addEventListener("click", () => { tell(true, null).then(fit); });
  block.querySelector(".insert")?.addEventListener("click", () => pick(text));
  block.querySelector(".photograph")?.addEventListener("click", () => { target = text; photograph.showModal(); });
  block.querySelector(".quotation")?.addEventListener("click", (event) => {
    const { source } = event.target.dataset;
    addParagraph(text, source, source.slice(2, source.indexOf("\n")));
  });
  block.querySelector(".footnote")?.addEventListener("click", (event) => addNote(text, event.target.dataset.source));
  block.querySelector(".all-chips").addEventListener("click", (event) => {
    const source = event.target.closest(".chip")?.dataset.source;
    const start = source ? text.value.indexOf(source) : -1;
    if (start < 0) return;
    text.focus();
    text.setSelectionRange(start, start + source.length);
  });
  // A message that names the figure which a typed number may be: one press puts it there.
  block.querySelector(".wrong").addEventListener("click", (event) => {
    const source = event.target.closest("[data-source]")?.dataset.source;
    if (!source) return;
    const number = event.target.closest("li").textContent.match(/'(.+?)'/)?.[1] ?? "";
    const start = text.value.indexOf(number);
    text.focus();
    if (number && start >= 0) text.setSelectionRange(start, start + number.length);
    document.execCommand("insertText", false, source);
  });
}

// The picker

const picker = document.getElementById("picker");
let target = null;

function pick(text) {
  target = text;
  picker.showModal();
  document.getElementById("query").select();
}

if (picker) {
  const query = document.getElementById("query");
  const names = document.getElementById("names");
  names.textContent = names.dataset.hint;
  let waiting = 0;
  query.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      names.innerHTML = (await part(`names?q=${encodeURIComponent(query.value)}`)) ?? lost;
    }, PAUSE / 2);
  });
  names.addEventListener("click", (event) => {
    const source = event.target.closest("button")?.dataset.source;
    if (!source) return;
    picker.close();
    insert(target, source);
  });
  picker.querySelector(".close").addEventListener("click", () => picker.close());
}

// A photograph

const photograph = document.getElementById("photograph");

if (photograph) {
  const form = photograph.querySelector("form");
  const answer = form.querySelector(".answer");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [file] = document.getElementById("photograph-file").files;
    // One that is far too large is never read by the server, which then can't say so.
    if (file.size > Number(form.dataset.most)) {
      answer.textContent = form.dataset.large;
      return;
    }
    const values = new URLSearchParams({ name: file.name, ...Object.fromEntries(new FormData(form)) });
    const reply = await ask(`photograph?${values}`, null, file);
    answer.textContent = reply.good ? "" : `${reply.what} ${reply.step}`;
    if (!reply.good) return;
    photograph.close();
    form.reset();
    addParagraph(target, reply.source);
  });
  photograph.querySelector(".close").addEventListener("click", () => photograph.close());
}

// The page, at the place that was being read.

function placeIn(frame) {
  let mark = null;
  for (const element of frame.contentDocument.querySelectorAll("main [id]")) {
    const box = element.getBoundingClientRect();
    if (box.height > 0 && box.top <= 1) mark = { id: element.id, top: box.top };
  }
  return { mark, scroll: frame.contentWindow.scrollY };
}

function restore(frame, place) {
  const element = place.mark && frame.contentDocument.getElementById(place.mark.id);
  const view = frame.contentWindow;
  const top = element ? view.scrollY + element.getBoundingClientRect().top - place.mark.top : place.scroll;
  view.scrollTo({ top, behavior: "instant" });
}

function reload(frame) {
  const place = placeIn(frame);
  frame.addEventListener("load", () => restore(frame, place), { once: true });
  frame.contentWindow.location.reload();
}

const frame = document.getElementById("page");
if (frame && !chapter) {
  const key = `place of ${frame.getAttribute("src")}`;
  const place = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (place) frame.addEventListener("load", () => restore(frame, place), { once: true });
  addEventListener("pagehide", () => sessionStorage.setItem(key, JSON.stringify(placeIn(frame))));
}

// Approval and package

for (const form of document.querySelectorAll("form[data-action]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    const answer = form.querySelector(".answer");
    button.disabled = true;
    answer.textContent = busy;
    const reply = await ask(form.dataset.action, Object.fromEntries(new FormData(form)));
    button.disabled = false;
    answer.textContent = [reply.what, reply.step].filter(Boolean).join(" ");
    answer.classList.toggle("bad", !reply.good);
    const download = form.querySelector(".download");
    if (download) download.hidden = !reply.good;
    if (reply.good) await renew();
  });
}

document.querySelectorAll(".block").forEach(work);
addEventListener("focus", renew);
addEventListener("beforeunload", (event) => {
  if (document.querySelector(".unsaved")) event.preventDefault();
});
