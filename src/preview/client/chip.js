// A small sign in a corner: how many errors and warnings, drafts, the page's file. It moves out of the way of whatever can be
// used, and goes and comes with Alt+R.

const problemsButton = button("", () => shown.errors.length && openProblems());
problemsButton.className = "bad";
const warnings = make("button", { type: "button", disabled: true });
const drafts = button("Drafts", () => {
  const to = new URL(location.href);
  if (hasDrafts()) to.searchParams.delete("__drafts");
  else to.searchParams.set("__drafts", "1");
  location.assign(to);
});
const origin = button("Source", async () => {
  if (!(await openInEditor("source"))) origin.title = said.textContent;
});
const chip = make("div", { className: "chip", hidden: true }, problemsButton, warnings, drafts, origin);
chip.setAttribute("role", "group");
chip.setAttribute("aria-label", "Rejoinder preview");
const edge = make("div", { className: "edge", hidden: true });
shadow.append(edge, chip);
let isPutAway = false;

const CORNERS = ["bottom right", "bottom left", "top right", "top left"];
const USABLE = "a[href], button, input, select, textarea, summary, label, [tabindex]:not([tabindex^="-"]), [contenteditable]";

function startChip() {
  document.documentElement.append(panel);
  addEventListener("keydown", (event) => {
    if (!event.altKey || event.code !== "KeyR" || event.ctrlKey || event.metaKey) return;
    isPutAway = !isPutAway;
    chip.hidden = isPutAway || !hasWords();
  });
  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(dodge, 80);
  };
  ["scroll", "resize", "focusin", "toggle"].forEach((it) => addEventListener(it, soon, { passive: true, capture: true }));
}

const hasWords = () => [...chip.children].some((it) => !it.hidden);

function showChip(state) {
  const counted = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  problemsButton.hidden = !state.n_errors;
  problemsButton.textContent = counted(state.n_errors, "error");
  warnings.hidden = !state.n_warnings;
  warnings.textContent = counted(state.n_warnings, "warning");
  drafts.hidden = !state.drafts;
  drafts.setAttribute("aria-pressed", String(hasDrafts()));
  origin.hidden = !state.source;
  origin.title = state.source ?? "";
  edge.hidden = !(state.drafts && hasDrafts());
  chip.hidden = isPutAway || !hasWords();
  dodge();
}

/** Takes the first corner where nothing that can be used lies below; where there is none, hides until there is one. */
function dodge() {
  if (chip.hidden) return;
  const isFree = () => {
    const { left, right, top, bottom } = chip.getBoundingClientRect();
    const points = [left, (left + right) / 2, right - 1].flatMap((x) => [top, (top + bottom) / 2, bottom - 1].map((y) => [x, y]));
    return points.every(([x, y]) => document.elementsFromPoint(x, y).every((it) => it === panel || !it.closest(USABLE)));
  };
  const corner = CORNERS.find((it) => {
    chip.className = `chip ${it}`;
    return isFree();
  });
  chip.style.visibility = corner ? "" : "hidden";
}

