// The preview's script: follows what happens to the page it is in. Written for the last two years' browsers, without tools.
// It must work under any policy of the page that lets it in at all: no inline style, no string that becomes HTML.

const element = document.currentScript;
const home = element.src.replace(/preview\.js.*$/, "");
/** What the server said this page is. An empty page stands for one that cannot be made. */
let known = { page: element.dataset.page, body: element.dataset.body };
let revision = Number(element.dataset.revision);
let latest = null;
let stream = null;
let work = Promise.resolve();

const asked = () => `page=${encodeURIComponent(location.pathname + location.search)}`;
const hasDrafts = () => new URLSearchParams(location.search).get("__drafts") === "1";

function start() {
  restoreScroll();
  const follows = () => (document.hidden ? rest() : listen());
  document.addEventListener("visibilitychange", follows);
  addEventListener("pagehide", rest);
  addEventListener("pageshow", follows);
  if (hasDrafts()) document.addEventListener("click", stayInDrafts);
  startChip();
  follows();
}

/** A tab that nobody looks at holds no connection. Shown again, it is told the whole state. */
function rest() {
  stream?.close();
  stream = null;
}

function listen() {
  if (stream) return;
  stream = new EventSource(`${home}events?${asked()}&seen=${revision}`);
  stream.onmessage = (event) => {
    const state = (latest = JSON.parse(event.data));
    work = work.then(() => (state === latest ? follow(state) : undefined)).catch(reload);
  };
  // The browser comes back by itself, unless the server that it finds does not know us: that is a new one.
  stream.onerror = () => {
    if (stream?.readyState !== EventSource.CLOSED) return;
    rest();
    setTimeout(async () => ((await get(location.href)) ? reload() : listen()), 1000);
  };
}

/** Brings the page to a state. Says what is wrong first, and takes it back last. */
async function follow(state) {
  if (state.errors.length) showProblems(state);
  await refresh(state.assets);
  if (state.page && state.page !== known.page) {
    if (!known.page) return reload();
    await update();
  }
  revision = state.revision;
  if (!state.errors.length) showProblems(state);
  showChip(state);
}

/** Fetches the page and makes this one like it: styles first, then the rest in place; or loads it anew where that cannot be. */
async function update() {
  const answer = await get(location.href);
  const fresh = answer?.response;
  const told = fresh?.querySelector("script[data-revision]")?.dataset;
  const isSame = answer?.status === 200 && answer.responseURL === location.href.split("#")[0];
  if (!told || !isSame || !told.page) return reload();
  const hasNewBody = told.body !== known.body;
  const head = headChanges(fresh);
  const hasNewHead = head.added.length + head.removed.length > 0;
  // What scripts of the page made of it is not ours to undo.
  if ((hasNewBody || hasNewHead) && (runs(document) || runs(fresh))) return reload();
  if (head.needsReload) return reload();
  await swapStyles(fresh);
  head.added.forEach((it) => document.head.append(document.importNode(it, true)));
  head.removed.forEach((it) => it.remove());
  attributes(document.documentElement, fresh.documentElement);
  if (hasNewBody) inPlace(() => morph(document.body, fresh.body));
  // Scripts that stay with the page make again what they had made of parts that are gone.
  dispatchEvent(new Event("rejoinder-changed"));
  known = { page: told.page, body: told.body };
}

/** A document and how it was answered; null when nobody answers. As a request of this kind, it is parsed without script. */
const get = (url) =>
  new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document";
    request.onload = () => done(request);
    request.onerror = () => done(null);
    request.send();
  });

/** Whether a script could have changed the page in ways we do not know. One with `data-lasting` says that it marks what it makes. */
const isCode = (it) => !it.dataset.revision && !("lasting" in it.dataset) && /^(module|text\/javascript|application\/javascript|)$/i.test(it.type);
const runs = (page) => [...page.scripts].some(isCode);

// Where the reader is, by an element: pixels mean something else on the new page.

const KEPT = "rejoinder-scroll";

function whereAbouts() {
  const at = [80, innerHeight / 3, innerHeight / 2].map((y) => document.elementsFromPoint(innerWidth / 2, y));
  const it = at.flat().find((it) => it !== panel && it !== document.documentElement && it !== document.body);
  return it && { it, top: it.getBoundingClientRect().top };
}

/** A selector that finds the element on a page like this one. */
function selector(it) {
  const steps = [];
  for (; it && it !== document.documentElement; it = it.parentElement) {
    if (it.id) {
      steps.unshift(`#${CSS.escape(it.id)}`);
      break;
    }
    steps.unshift(`:nth-child(${[...it.parentElement.children].indexOf(it) + 1})`);
  }
  return steps.join(" > ");
}

function reload() {
  const place = whereAbouts();
  if (place && scrollY > 0) {
    const kept = { path: location.pathname, at: selector(place.it), top: place.top };
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
    history.scrollRestoration = "manual";
  }
  location.reload();
  // Nothing more happens on this page.
  return new Promise(() => {});
}

function restoreScroll() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  if (kept?.path !== location.pathname) return;
  const go = () => {
    const it = document.querySelector(kept.at);
    if (it) scrollBy({ top: it.getBoundingClientRect().top - kept.top, behavior: "instant" });
  };
  // The browser would scroll by pixels once the page is there.
  const end = () => (go(), setTimeout(() => (history.scrollRestoration = "auto"), 500));
  go();
  if (document.readyState === "complete") end();
  else addEventListener("load", end, { once: true });
}

/** Changes the page while the reader stays where they are. */
function inPlace(change) {
  const place = scrollY > 0 && whereAbouts();
  const focused = document.activeElement;
  const root = document.documentElement.style;
  // Two that both correct would correct twice.
  root.overflowAnchor = "none";
  change();
  if (place && place.it.isConnected) {
    scrollBy({ top: place.it.getBoundingClientRect().top - place.top, behavior: "instant" });
  }
  if (focused?.id && !focused.isConnected) document.getElementById(focused.id)?.focus({ preventScroll: true });
  requestAnimationFrame(() => requestAnimationFrame(() => {
    root.overflowAnchor = "";
    if (!document.documentElement.getAttribute("style")) document.documentElement.removeAttribute("style");
  }));
}

/** Links of a tab that shows drafts lead to pages with drafts. */
function stayInDrafts(event) {
  const link = event.target.closest?.("a[href]");
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
  const to = new URL(link.href);
  if (to.origin !== location.origin || (to.pathname === location.pathname && to.hash)) return;
  to.searchParams.set("__drafts", "1");
  event.preventDefault();
  location.assign(to);
}

