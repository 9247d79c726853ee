// What the preview does in a real browser: pages change in place, errors are shown over them, and nothing the reader did is lost.
//
//   node preview.mjs pages URL          the other side shows what we tell it to, by lines of JSON on stdout
//   node preview.mjs files URL DIR      URL is `rejoinder serve` of the project in DIR, whose files we edit
//
// Ends with 1 when anything is wrong.
import { readFileSync, rmSync, writeFileSync, mkdirSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [mode, home, dir] = process.argv.slice(2);
const replies = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Lets the other side do something, and waits until it has. */
async function tell(what) {
  console.log(JSON.stringify(what));
  await replies.next();
}
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const note = (words) => console.log(`# ${words}`);
const wrong = [];
const check = (is, what) => {
  if (!is) wrong.push(what);
};
const same = (got, expected, what) => check(got === expected, `${what}: ${JSON.stringify(got)}, not ${JSON.stringify(expected)}`);

function browserPath() {
  const known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];
  const found = [process.env.CHROMIUM, ...known].find((path) => path && existsSync(path));
  if (!found) throw new Error("no Chromium: install one, or name it with CHROMIUM=/path");
  return found;
}

const POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** A page with everything that a reader can do something to. */
function html({ css = "main.00000001.css", title = "One", intro = "First words.", items = ["a", "b", "c"], last = "Last words.", open = "" } = {}) {
  const filler = Array.from({ length: 80 }, (_, n) => `<p>Paragraph ${n}.</p>`).join("\n");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}</title><link rel="stylesheet" href="/${css}"></head><body class="x">
<h1>${title}</h1><p id="intro">${intro}</p>
<details${open}><summary>More</summary><p>Inside.</p></details>
<ul>${items.map((it) => `<li>${it} <button>${it}!</button></li>`).join("")}</ul>
<label><input type="checkbox" id="tick"> Only quoted</label>
<label>Words <input id="words" value=""></label>
<textarea id="area">draft</textarea>
${filler}
<p id="last">${last}</p><p><a href="/other/" id="link">Other</a></p>${filler}
</body></html>`;
}

const CSS = (color) => `body { color: ${color}; background: white; } h1 { font-size: 40px; }`;
const files = (more = {}) => ({
  "index.html": html(),
  "main.00000001.css": CSS("rgb(0, 0, 1)"),
  "other/index.html": html({ title: "Other" }),
  "404.html": html({ title: "Lost" }),
  ...more,
});
const problem = (file, line, text) => ({ file, line, text });

const browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox", "--disable-gpu"] });
const context = await browser.newContext({ viewport: { width: 900, height: 700 } });

async function open(address, where) {
  const page = await context.newPage();
  page.loads = 0;
  page.on("load", () => (page.loads += 1));
  page.on("console", (message) => message.type() === "error" && !/status of (500|404|503)/.test(message.text()) && wrong.push(`${where}: console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`${where}: script: ${error.message}`));
  await page.goto(address, { waitUntil: "load" });
  return page;
}

const until = (page, what, test, arg) =>
  page.waitForFunction(test, arg, { timeout: 15000, polling: 20 }).catch(() => wrong.push(`never: ${what}`));
const overlay = (page) => page.locator("dialog[open]");

async function pages() {
  await tell({ publish: files() });
  const page = await open(home, "in place");
  await until(page, "the script follows", () => document.querySelector("script[data-revision]"));
  await page.waitForTimeout(300);

  // Everything a reader can do.
  await page.evaluate(() => {
    window.mark = "the same document";
    document.querySelector("details").open = true;
    document.querySelector("#tick").checked = true;
    window.kept = [document.querySelector("#words"), document.querySelectorAll("li")[2]];
  });
  await page.fill("#words", "typed by the reader");
  await page.fill("#area", "also typed");
  await page.locator("#last").scrollIntoViewIfNeeded();
  await page.locator("#words").evaluate((it) => {
    it.focus({ preventScroll: true });
    it.setSelectionRange(3, 7);
  });
  const top = await page.locator("#last").evaluate((it) => it.getBoundingClientRect().top);
  const loads = page.loads;
  await tell({ publish: files({ "index.html": html({ title: "Two", intro: "Many new words. ".repeat(60), items: ["new", "a", "b", "c"], last: "Other last words." }) }) });
  await until(page, "the page changes", () => document.querySelector("#last").textContent === "Other last words.");
  await page.waitForTimeout(100);
  const state = await page.evaluate(() => ({
    mark: window.mark, title: document.title, open: document.querySelector("details").open, tick: document.querySelector("#tick").checked,
    words: document.querySelector("#words").value, area: document.querySelector("#area").value, focus: document.activeElement.id,
    selection: [document.activeElement.selectionStart, document.activeElement.selectionEnd].join(), top: document.querySelector("#last").getBoundingClientRect().top,
    items: [...document.querySelectorAll("li")].map((it) => it.firstChild.data.trim()).join(), kept: window.kept.every((it) => it.isConnected),
    third: [...document.querySelectorAll("li")].indexOf(window.kept[1]), style: document.documentElement.getAttribute("style"),
  }));
  for (const [name, expected] of Object.entries({ mark: "the same document", title: "Two", open: true, tick: true, words: "typed by the reader", area: "also typed", focus: "words", selection: "3,7", items: "new,a,b,c", kept: true, third: 3, style: null })) {
    same(state[name], expected, `after an edit, ${name}`);
  }
  check(Math.abs(state.top - top) <= 1, `what the reader looks at moved by ${state.top - top} px`);
  same(page.loads, loads, "loads");

  // A style sheet under a new name: no moment without one, and the body is not touched.
  await page.evaluate(() => {
    window.colors = new Set();
    window.touched = 0;
    new MutationObserver((list) => (window.touched += list.length)).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    const look = () => {
      window.colors.add(getComputedStyle(document.querySelector("h1")).color + getComputedStyle(document.querySelector("h1")).fontSize);
      requestAnimationFrame(look);
    };
    look();
  });
  const second = html({ title: "Two", intro: "Many new words. ".repeat(60), items: ["new", "a", "b", "c"], last: "Other last words." });
  await tell({ publish: files({ "index.html": second.replace("main.00000001", "main.00000002"), "main.00000002.css": CSS("rgb(0, 0, 2)") }) });
  await until(page, "the style changes", () => getComputedStyle(document.body).color === "rgb(0, 0, 2)");
  await page.waitForTimeout(100);
  same(await page.evaluate(() => [...window.colors].join(" ")), "rgb(0, 0, 1)40px rgb(0, 0, 2)40px", "what was seen of the style");
  same(await page.evaluate(() => window.touched), 0, "changes to the body");
  same(await page.locator('link[rel="stylesheet"]').count(), 1, "style sheets");

  // One under the same name.
  await tell({ publish: files({ "index.html": second.replace("main.00000001", "main.00000002"), "main.00000002.css": CSS("rgb(0, 0, 3)") }), assets: ["main.00000002.css"] });
  await until(page, "the style changes under its name", () => getComputedStyle(document.body).color === "rgb(0, 0, 3)");
  same(await page.evaluate(() => window.mark), "the same document", "after a style");

  // Errors: over the page, closed by key and by button, gone when mended.
  await page.locator("#words").focus();
  const evil = 'error[bad]: <img src=x onerror="window.hacked = 1">\n --> content/a.md:4:8\n  |\n4 | x\n  | ^';
  await tell({ fail: [problem("content/a.md", 4, evil), problem("content/b.md", 1, "error: second")] });
  await overlay(page).waitFor({ timeout: 15000 }).catch(() => wrong.push("never: the overlay"));
  same(await page.locator("dialog pre").textContent(), evil, "the overlay's text");
  same(await page.evaluate(() => window.hacked), undefined, "script in an error");
  check((await page.locator("dialog pre img").count()) === 0, "an error became HTML");
  same(await page.locator("#last").textContent(), "Other last words.", "the page below");
  const inside = () => page.evaluate(() => [...document.documentElement.children].at(-1).shadowRoot.activeElement?.textContent);
  same(await inside(), "Close", "focus in the overlay");
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run({ include: [["div:last-of-type"]] }, { rules: { region: { enabled: false } } }));
    for (const it of found.violations) wrong.push(`the overlay, ${colorScheme}: axe ${it.id}: ${it.nodes[0].html.slice(0, 120)}`);
    check(found.passes.length > 5, `axe looked at the overlay: ${found.passes.length}`);
  }
  await page.emulateMedia({ colorScheme: null });
  await page.getByRole("button", { name: "Next" }).click();
  same(await page.locator("dialog pre").textContent(), "error: second", "the second problem");
  await page.getByRole("button", { name: "Open in editor" }).click();
  await until(page, "the editor opens", () => /Opened/.test([...document.documentElement.children].at(-1).shadowRoot.querySelector("[role=status]").textContent));
  await page.keyboard.press("Escape");
  same(await overlay(page).count(), 0, "overlays after Escape");
  same(await page.evaluate(() => document.activeElement.id), "words", "focus after Escape");
  await page.getByRole("button", { name: "2 errors" }).click();
  same(await overlay(page).count(), 1, "overlays after the chip");
  await page.getByRole("button", { name: "Close" }).click();
  same(await overlay(page).count(), 0, "overlays after Close");
  await tell({ fail: [problem("content/a.md", 5, "error: another one")] });
  await overlay(page).waitFor({ timeout: 15000 }).catch(() => wrong.push("never: the next overlay"));
  await tell({ publish: files({ "index.html": html({ title: "Mended" }) }) });
  await until(page, "the mended page", () => document.title === "Mended");
  await overlay(page).waitFor({ state: "detached", timeout: 5000 }).catch(() => undefined);
  same(await overlay(page).count(), 0, "overlays after mending");
  same(await page.evaluate(() => window.mark), "the same document", "after mending");

  // Broken from the start, for this page; then there.
  await tell({ publish: files(), broken: { "late/index.html": problem("themes/x.html", 9, "error: late") } });
  const late = await open(`${home}late/`, "a page that cannot be made");
  await overlay(late).waitFor({ timeout: 15000 }).catch(() => wrong.push("never: the overlay of a page that cannot be made"));
  check((await late.locator("body pre").first().textContent()).includes("error: late"), "words without script");
  await tell({ publish: files({ "late/index.html": html({ title: "Late" }) }) });
  await until(late, "the page that can be made by now", () => document.title === "Late");

  // An address where there is nothing yet.
  const lost = await open(`${home}new/`, "a lost address");
  await lost.waitForTimeout(200);
  same(await lost.title(), "Lost", "a lost address");
  await tell({ publish: files({ "new/index.html": html({ title: "New" }) }) });
  await until(lost, "the page that is there by now", () => document.title === "New");
  await tell({ publish: files() });
  await until(lost, "the page that is gone", () => document.title === "Lost");

  // A page with script of its own is loaded anew, and the reader stays where they are.
  const scripted = (words) => html({ title: "Scripted", intro: words }).replace(POLICY, "script-src 'self'").replace("</head>", '<script src="/own.js" defer></script></head>');
  await tell({ publish: files({ "s/index.html": scripted("First."), "own.js": "window.ran = true;" }) });
  const own = await open(`${home}s/`, "a page with script");
  await own.waitForTimeout(300);
  await own.evaluate(() => (window.mark = 1));
  await own.locator("#last").scrollIntoViewIfNeeded();
  const before = await own.locator("#last").evaluate((it) => it.getBoundingClientRect().top);
  await tell({ publish: files({ "s/index.html": scripted("Many other words. ".repeat(80)), "own.js": "window.ran = true;" }) });
  await until(own, "the page is loaded anew", () => !window.mark && window.ran && document.readyState === "complete");
  await own.waitForTimeout(300);
  const after = await own.locator("#last").evaluate((it) => it.getBoundingClientRect().top);
  check(Math.abs(after - before) <= 2, `after a reload it moved by ${after - before} px`);

  // Drafts, by tab.
  await tell({ publish: files(), drafts: files({ "index.html": html({ title: "With drafts" }), "other/index.html": html({ title: "Other with drafts" }) }) });
  const drafts = await open(home, "drafts");
  await drafts.getByRole("button", { name: "Drafts" }).click();
  await until(drafts, "drafts are shown", () => document.title === "With drafts");
  await drafts.locator("#link").click();
  await until(drafts, "links stay in drafts", () => document.title === "Other with drafts");
  await drafts.locator(".edge").waitFor({ state: "visible", timeout: 15000 }).catch(() => wrong.push("never: the edge that drafts have"));
  same(await page.title(), "One", "another tab");

  // Hidden, a tab holds no connection; shown again, it catches up.
  const hidden = await open(home, "a hidden tab");
  await hidden.waitForTimeout(200);
  const hide = (is) => hidden.evaluate((is) => {
    Object.defineProperty(document, "hidden", { value: is, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, is);
  await hide(true);
  await tell({ publish: files({ "index.html": html({ title: "While hidden" }) }) });
  await hidden.waitForTimeout(500);
  same(await hidden.title(), "One", "a hidden tab's title");
  await hide(false);
  await until(hidden, "a tab catches up", () => document.title === "While hidden");

  // Thirty tabs, all of them shown as far as they know.
  const tabs = [];
  for (let n = 0; n < 30; n++) tabs.push(await open(`${home}?${n}`, "many tabs"));
  const start = Date.now();
  await tell({ publish: files({ "index.html": html({ title: "For all" }) }) });
  for (const tab of tabs) await until(tab, "every tab follows", () => document.title === "For all");
  note(`30 tabs followed within ${Date.now() - start} ms`);

  // The chip never covers what can be used.
  await page.evaluate(() => scrollTo(0, 0));
  await page.setViewportSize({ width: 900, height: 701 });
  await page.waitForTimeout(300);
  const covers = await page.evaluate(() => {
    const chip = [...document.documentElement.children].at(-1).shadowRoot.querySelector(".chip");
    const { left, right, top, bottom } = chip.getBoundingClientRect();
    if (chip.hidden || getComputedStyle(chip).visibility === "hidden") return false;
    return [...document.querySelectorAll("a, button, input, textarea, summary")].some((it) => {
      const box = it.getBoundingClientRect();
      return box.left < right && box.right > left && box.top < bottom && box.bottom > top;
    });
  });
  check(!covers, "the chip covers something");
  await page.keyboard.press("Alt+r");
  same(await page.locator(".chip").isVisible(), false, "the chip after Alt+R");
}

/** A page of another port, which is the same site to a browser, and one of another site. */
async function strangers() {
  await tell({ publish: files({ "own.js": "window.stolen = true;" }) });
  const inside = await open(home, "our own page");
  const token = await inside.evaluate(() => document.querySelector("script[data-revision]").src.split("/").at(-2));
  const body = `<!doctype html><title>Stranger</title><a href="${home}">A link</a><iframe src="${home}"></iframe><img src="${home}own.js">
<script src="${home}own.js"></script><link rel="stylesheet" href="${home}main.00000001.css">
<script>
const home = "${home}";
window.results = Promise.all([
  fetch(home).then(() => "read", () => "refused"),
  fetch(home, { mode: "no-cors" }).then(() => "sent", () => "refused"),
  fetch(home + "_rejoinder/${token}/editor?page=/&source", { method: "POST", mode: "no-cors" }).then(() => "sent", () => "refused"),
  new Promise((done) => { const it = new EventSource(home + "_rejoinder/${token}/events?page=/"); it.onmessage = () => done("heard"); it.onerror = () => done("refused"); }),
]);
</script><form method="post" action="${home}"><button>Send</button></form>`;
  const server = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end(body));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  for (const host of ["localhost", "127.0.0.1"]) {
    const page = await context.newPage();
    const got = [];
    page.on("requestfailed", (request) => request.url().startsWith(home) && got.push(`${request.resourceType()} failed`));
    page.on("response", (response) => response.url().startsWith(home) && got.push(`${response.request().resourceType()} ${response.status()}`));
    await page.goto(`http://${host}:${server.address().port}/`, { waitUntil: "load" });
    const results = (await page.evaluate(() => window.results)).join();
    // A request that needs no answer was sent, and refused there.
    check(/^refused,(sent|refused),(sent|refused),refused$/.test(results), `${host}: ${results}`);
    same(await page.evaluate(() => window.stolen), undefined, `${host}: our script ran there`);
    check(got.length >= 5 && got.every((it) => /( 403| failed)$/.test(it)), `${host}: ${got.join()}`);
    await page.getByRole("button").click();
    await page.waitForLoadState();
    check((await page.evaluate(() => document.body.innerText)).includes("GET and HEAD only"), `${host}: a form is refused`);
    await page.goto(`http://${host}:${server.address().port}/`, { waitUntil: "load" });
    await page.getByRole("link").click();
    await until(page, `${host}: a link leads here`, () => document.title === "One");
    await page.close();
  }
  server.close();
}

/** The real program: every save is seen, and shown in place. */
async function edits() {
  const path = (name) => join(dir, name);
  const write = (name, text) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  const term = (words) => write("content/terms/loom.md", readFileSync(path("content/terms/loom.md"), "utf8").replace(/\n---\n[^]*$/, `\n---\n${words}\n`));
  const page = await open(`${home}terms/loom/`, "files");
  await page.waitForTimeout(500);
  await page.evaluate(() => (window.mark = "the same document"));
  // What the theme's script made, and what the reader chose by it, stays.
  await page.getByRole("button", { name: "Dark page" }).click();
  const tools = async (when) => {
    same(await page.locator(".foot .tools").count(), 1, `tools ${when}`);
    same(await page.evaluate(() => document.documentElement.dataset.theme), "dark", `the page's colours ${when}`);
    same(await page.getByRole("button", { name: "Light page" }).count(), 1, `the tool's name ${when}`);
  };
  term("A frame for words of the first edit.");
  await until(page, "an edit of a file", () => document.body.textContent.includes("first edit"));
  same(await page.evaluate(() => window.mark), "the same document", "after an edit of a file");
  await tools("after an edit of a file");

  const template = readFileSync(path("templates/term.html"), "utf8");
  write("templates/term.html", `${template}\n{{ page.nothing.here }}{% if %}`);
  await overlay(page).waitFor({ timeout: 60000 }).catch(() => wrong.push("never: the overlay of a broken template"));
  const said = await page.locator("dialog pre").textContent();
  check(/--> templates\/term\.html:\d+:\d+/.test(said), `the overlay names file and line: ${said}`);
  check((await page.evaluate(() => document.body.textContent)).includes("first edit"), "the last good page is below");
  await page.keyboard.press("Escape");
  same(await overlay(page).count(), 0, "overlays after Escape");
  write("templates/term.html", template.replace("<h1", "<h1 data-new"));
  await until(page, "the mended template", () => document.querySelector("h1[data-new]"));
  same(await overlay(page).count(), 0, "overlays after mending");
  same(await page.evaluate(() => window.mark), "the same document", "after an edit of a template");
  await tools("after an edit of a template");
  write("templates/parts/footer.html", '<div class="foot">Another element at the foot.</div>');
  await until(page, "another foot", () => document.querySelector("div.foot"));
  await tools("at another foot");

  await page.evaluate(() => {
    window.seen = new Set();
    const look = () => (window.seen.add(getComputedStyle(document.body).outlineColor + document.styleSheets.length), requestAnimationFrame(look));
    look();
  });
  write("themes/own/static/verbatim.css", `${readFileSync(path("themes/own/static/verbatim.css"), "utf8")}\nbody { outline: 1px solid rgb(1, 2, 3) }\n`);
  await until(page, "an edit of a style", () => getComputedStyle(document.body).outlineColor === "rgb(1, 2, 3)");
  check(!(await page.evaluate(() => [...window.seen])).some((it) => it.endsWith("0")), "a moment without style");
  same(await page.evaluate(() => window.mark), "the same document", "after an edit of a style");
  rmSync(path("content/terms/loom.md"));
}

if (mode === "pages") {
  await pages();
  await strangers();
} else {
  await edits();
}
await browser.close();
wrong.forEach((it) => note(`wrong: ${it}`));
process.exit(wrong.length ? 1 : 0);
