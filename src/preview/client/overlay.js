// What is wrong, over the last good page. Everything it says is set as text. It stands in a shadow root behind the body, where
// neither the page's styles nor our changes to the page reach it; its own style sheet is constructed, which no policy stops.

const panel = document.createElement("div");
const shadow = panel.attachShadow({ mode: "open" });
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { all: initial; }
  * { box-sizing: border-box; font: 14px/1.45 system-ui, sans-serif; }
  dialog { width: min(62rem, calc(100vw - 2rem)); max-height: calc(100vh - 2rem); padding: 0; border: 1px solid; border-top: 4px solid #c0392b;
    border-radius: 6px; background: Canvas; color: CanvasText; color-scheme: light dark; }
  dialog[open] { display: flex; flex-direction: column; }
  dialog::backdrop { background: rgb(0 0 0 / 35%); }
  header, footer { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; padding: .6rem .9rem; }
  h1 { flex: 1; margin: 0; font-size: 16px; font-weight: 600; }
  pre { margin: 0; padding: .6rem .9rem; overflow: auto; border: solid color-mix(in srgb, CanvasText 25%, transparent); border-width: 1px 0; }
  pre, pre * { font: 13px/1.5 ui-monospace, monospace; white-space: pre; tab-size: 4; }
  button { min-height: 28px; padding: .2rem .7rem; border: 1px solid; border-radius: 4px; background: Canvas; color: CanvasText; cursor: pointer; }
  button:disabled { opacity: .5; cursor: default; }
  :focus-visible { outline: 2px solid Highlight; outline-offset: 1px; }
  .room { flex: 1; }
  .chip { position: fixed; display: flex; height: 28px; color-scheme: light dark; background: Canvas; color: CanvasText; border: 1px solid; border-radius: 14px;
    overflow: hidden; z-index: 2147483647; }
  .chip button { height: 26px; min-height: 0; padding: 0 .7rem; border: 0; border-radius: 0; font-size: 12px; line-height: 26px; }
  .chip button:focus-visible { outline-offset: -3px; }
  .chip .bad { background: #a93226; color: #fff; }
  .chip [aria-pressed=true] { background: CanvasText; color: Canvas; }
  .top { top: 8px; } .bottom { bottom: 8px; } .left { left: 8px; } .right { right: 8px; }
  .edge { position: fixed; inset: 0; pointer-events: none; z-index: 2147483646; border: 8px solid;
    border-image: repeating-linear-gradient(45deg, #b45309 0 8px, #fff 8px 16px) 8; }
  [hidden] { display: none; }
  @media print { .chip, .edge { display: none; } }
`);
shadow.adoptedStyleSheets = [sheet];

function make(name, properties = {}, ...inside) {
  const it = Object.assign(document.createElement(name), properties);
  it.append(...inside);
  return it;
}

const title = make("h1", { id: "title" });
const text = make("pre", { tabIndex: 0 });
const page = make("a");
const said = make("span");
said.setAttribute("role", "status");
const count = make("span");
const button = (words, does) => make("button", { type: "button", textContent: words, onclick: does });
const close = button("Close", () => dialog.close());
const before = button("Previous", () => turn(-1));
const after = button("Next", () => turn(1));
const copy = button("Copy", copyText);
const edit = button("Open in editor", () => openInEditor(`problem=${shown.problems}&number=${number}`));
const dialog = make(
  "dialog",
  {},
  make("header", {}, title, close),
  text,
  make("footer", {}, before, count, after, page, make("span", { className: "room" }), said, copy, edit),
);
dialog.setAttribute("aria-labelledby", "title");
shadow.append(dialog);

/** The state whose problems are shown, which of them, and those that the reader closed. */
let shown = { errors: [], problems: "" };
let number = 0;
let closed = "";
let focusedBefore = null;

dialog.addEventListener("close", () => {
  if (shown.errors.length) closed = shown.problems;
  focusedBefore?.isConnected && focusedBefore.focus({ preventScroll: true });
  focusedBefore = null;
});
// Keys in the overlay are not the page's.
dialog.addEventListener("keydown", (event) => event.stopPropagation());

function showProblems(state) {
  const isNew = state.problems !== shown.problems;
  shown = state;
  if (!state.errors.length) {
    closed = "";
    if (dialog.open) dialog.close();
    return;
  }
  if (isNew) number = 0;
  fill();
  if (!dialog.open && state.problems !== closed) openProblems();
}

function openProblems() {
  if (!panel.isConnected) document.documentElement.append(panel);
  focusedBefore = document.activeElement;
  dialog.showModal();
  close.focus();
}

function fill() {
  const problem = shown.errors[number];
  title.textContent = shown.summary;
  text.textContent = problem.text;
  text.setAttribute("aria-label", problem.message);
  const n = shown.errors.length;
  count.textContent = n > 1 ? `${number + 1} of ${n}${shown.n_errors > n ? ` shown, ${shown.n_errors} in all` : ""}` : "";
  before.hidden = after.hidden = n < 2;
  before.disabled = number === 0;
  after.disabled = number === n - 1;
  page.hidden = !problem.page;
  page.textContent = problem.page ? `Page ${problem.page}` : "";
  if (problem.page) page.href = problem.page;
  edit.hidden = !problem.file;
  said.textContent = "";
}

function turn(by) {
  number += by;
  fill();
  // A button that is disabled loses the focus to nowhere.
  if (shadow.activeElement?.disabled || !shadow.activeElement) (by > 0 ? before : after).focus();
}

async function copyText() {
  try {
    await navigator.clipboard.writeText(text.textContent);
    said.textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(text);
    said.textContent = "Selected; copy it with your keyboard.";
  }
}

/** Asks for the place of a problem, or for the page's own file. Which file that is, the server knows. */
async function openInEditor(what) {
  const answer = await fetch(`${home}editor?${asked()}&${what}`, { method: "POST" }).catch(() => null);
  said.textContent = answer?.ok ? "Opened." : ((await answer?.text()) ?? "The preview does not answer.");
  return answer?.ok;
}

