// What built pages do in a real browser, and what the W3C's checker says of them.
//
//   node run.mjs DIR             DIR is a finished site
//   node run.mjs DIR --every     in every view: three widths, light and dark; else on a dark telephone and a light desktop
//
// For the largest page of every kind, in each view: axe (WCAG 2.2 A and AA, best practice), layout shift, sideways scroll, console
// errors. Once more without script, where the words must be the same, at 320 px with text twice as large,
// from right to left, with fonts that come late, and from disk, where every link must name a file. Then what script adds: light and
// dark, previews, copying, the way to a search. Then the checker reads every page. Prints a table; ends with 1 when anything is wrong.
import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const { values: { every }, positionals: [dir = "public"] } = parseArgs({ allowPositionals: true, options: { every: { type: "boolean" } } });
const site = resolve(dir);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const [TELEPHONE, TABLET, DESKTOP] = [[360, 740], [768, 1024], [1280, 900]];
const VIEWS = every
  ? [TELEPHONE, TABLET, DESKTOP].flatMap((size) => ["light", "dark"].map((scheme) => [size, scheme]))
  : [[TELEPHONE, "dark"], [DESKTOP, "light"]];

const problems = [];
const wrong = (where, what) => problems.push(`${where}: ${what}`);

const files = readdirSync(site, { recursive: true }).map(String).filter((path) => statSync(join(site, path)).isFile());
const pages = files.filter((path) => path.endsWith(".html"));

/** The largest page of every kind, by the kind its JSON twin tells. */
function samples() {
  const largest = new Map();
  for (const path of pages) {
    const twin = join(site, path.replace(/\.html$/, ".json"));
    const kind = existsSync(twin) ? JSON.parse(readFileSync(twin, "utf8")).page.kind : path === "404.html" ? "not-found" : null;
    const size = statSync(join(site, path)).size;
    if (kind && size > (largest.get(kind)?.size ?? 0)) largest.set(kind, { kind, path, size });
  }
  return [...largest.values()].sort((a, b) => a.kind.localeCompare(b.kind));
}

const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".json": "application/json", ".xml": "application/xml",
  ".svg": "image/svg+xml", ".woff2": "font/woff2", ".txt": "text/plain", ".png": "image/png", ".js": "text/javascript",
};

/** Serves the site on the loopback interface; answers with its address. */
function serve() {
  const server = createServer((request, response) => {
    if (/prefetch/.test(request.headers["sec-purpose"] ?? "")) server.ahead?.push(request.url);
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    let file = join(site, path);
    if (!file.startsWith(site + sep) && file !== site) return response.writeHead(403).end();
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done([server, `http://127.0.0.1:${server.address().port}/`])));
}

function browserPath() {
  const known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];
  const found = [process.env.CHROMIUM, ...known].find((path) => path && existsSync(path));
  if (!found) throw new Error("no Chromium: install one, or name it with CHROMIUM=/path");
  return found;
}

async function open(context, address, where, { scripts = true } = {}) {
  const page = await context.newPage();
  // Browsers do not preload fonts from disk, and say so on the console; the page finds them all the same.
  if (!address.startsWith("file:")) listen(page, where);
  await page.goto(address, { waitUntil: "load" });
  // Without script a page can be asked, but nothing in it can answer later.
  if (!scripts) await page.waitForTimeout(300);
  else await page.evaluate(() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))));
  return page;
}

function listen(page, where) {
  page.on("console", (message) => message.type() === "error" && wrong(where, `console: ${message.text()}`));
  page.on("pageerror", (error) => wrong(where, `script: ${error.message}`));
  page.on("requestfailed", (request) => wrong(where, `cannot load ${request.url()}`));
  page.on("response", (response) => response.status() >= 400 && wrong(where, `${response.status()} for ${response.url()}`));
}

/** Says what axe finds, and how much that is. */
async function accessible(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((values) => axe.run(document, { runOnly: { type: "tag", values } }), TAGS);
  const why = ({ any, all, none }) => (any[0] ?? all[0] ?? none[0])?.message ?? "";
  for (const it of violations) wrong(where, `axe ${it.id} (${it.nodes.length}): ${it.help}\n    ${it.nodes[0].html.slice(0, 160)}\n    ${why(it.nodes[0])}`);
  return violations.length;
}

/** By how much the page scrolls sideways, and the innermost element that makes it. */
const overflow = (page) =>
  page.evaluate(() => {
    const by = document.documentElement.scrollWidth - window.innerWidth;
    const reaches = (it) => it.getBoundingClientRect().right > window.innerWidth + 1;
    const culprit = [...document.body.querySelectorAll("*")].filter(reaches).at(-1);
    return { by, culprit: culprit?.outerHTML.slice(0, 120) ?? "" };
  });
/** Runs in the page, before anything else does. */
function watchShifts() {
  window.shifted = 0;
  window.shiftedBy = "";
  const add = (list) =>
    list.getEntries().forEach((entry) => {
      window.shifted += entry.value;
      window.shiftedBy ||= entry.sources?.[0]?.node?.outerHTML?.slice(0, 120) ?? "";
    });
  new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
}
/** What a page says, without the tools that script adds, and without the search above the list of everything. */
const words = (page) =>
  page.evaluate(() => {
    document.querySelectorAll("body :is([data-made],[data-seek])").forEach((it) => it.remove());
    return document.body.innerText.replace(/\s+/g, " ").trim();
  });

async function inBrowser() {
  const [server, address] = await serve();
  const browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox", "--disable-gpu"] });
  const table = [];
  for (const { kind, path } of samples()) {
    const row = { page: kind, axe: 0, cls: 0, overflow: 0, runs: 0 };
    // The page for lost addresses names its files from the site's own address, which is not where we serve it.
    const isLost = kind === "not-found";
    let seen = "";
    for (const [[width, height], colorScheme] of VIEWS) {
      const where = `${path} (${width} px, ${colorScheme})`;
      const context = await browser.newContext({ viewport: { width, height }, colorScheme });
      await context.addInitScript(watchShifts);
      const page = await open(context, address + path.replace(/index\.html$/, ""), where);
      const { shifted, shiftedBy } = await page.evaluate(() => ({ shifted: window.shifted, shiftedBy: window.shiftedBy }));
      const wide = await overflow(page);
      // All there is to find, also what is folded.
      await page.evaluate(() => document.querySelectorAll("details").forEach((it) => (it.open = true)));
      row.axe += await accessible(page, where);
      await page.evaluate(() => document.querySelectorAll("details").forEach((it) => (it.open = false)));
      seen = await words(page);
      if (shifted > 0) wrong(where, `layout shift of ${shifted.toFixed(4)}: ${shiftedBy}`);
      if (wide.by > 0) wrong(where, `scrolls sideways by ${wide.by} px: ${wide.culprit}`);
      row.cls += shifted;
      row.overflow += wide.by > 0 ? 1 : 0;
      row.runs += 1;
      await context.close();
    }
    {
      const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
      const page = await open(context, address + path, `${path} (320 px)`);
      const measure = async (where) => {
        const wide = await overflow(page);
        if (wide.by > 0) wrong(`${path} (${where})`, `scrolls sideways by ${wide.by} px: ${wide.culprit}`);
        row.overflow += wide.by > 0 ? 1 : 0;
      };
      await page.evaluate(() => {
        document.documentElement.style.fontSize = "200%";
        document.querySelectorAll("details").forEach((it) => (it.open = true));
      });
      await measure("320 px, text twice as large");
      await page.evaluate(() => {
        document.documentElement.style.fontSize = "";
        document.documentElement.dir = "rtl";
        document.querySelectorAll("details").forEach((it) => (it.open = false));
      });
      for (const [width, height] of [TELEPHONE, DESKTOP]) {
        await page.setViewportSize({ width, height });
        await measure(`${width} px, from right to left`);
      }
      await context.close();
    }
    {
      const where = `${path} (fonts come late)`;
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      await context.addInitScript(watchShifts);
      await context.route("**/*.woff2", async (route) => {
        await new Promise((done) => setTimeout(done, 700));
        await route.continue();
      });
      const page = await open(context, address + path, where);
      await page.waitForTimeout(100);
      const { shifted, shiftedBy } = await page.evaluate(() => ({ shifted: window.shifted, shiftedBy: window.shiftedBy }));
      if (shifted > 0) wrong(where, `layout shift of ${shifted.toFixed(4)}: ${shiftedBy}`);
      row.cls += shifted;
      await context.close();
    }
    {
      const where = `${path} (without script)`;
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
      const page = await open(context, address + path, where, { scripts: false });
      if ((await words(page)) !== seen) wrong(where, "shows other words than with script");
      await context.close();
    }
    if (!isLost) {
      const where = `${path} (from disk)`;
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await open(context, pathToFileURL(join(site, path)).href, where);
      const links = await page.evaluate(() => [...document.querySelectorAll("a[href], link[href]")].map((it) => new URL(it.getAttribute("href"), document.baseURI).href));
      const own = links.filter((link) => link.startsWith("file:"));
      for (const link of own) {
        const file = fileURLToPath(link.split("#")[0]);
        if (!existsSync(file) || !statSync(file).isFile()) wrong(where, `${relative(site, file)} is no file`);
      }
      row.links = own.length;
      await context.close();
    }
    row.cls = row.cls.toFixed(4);
    table.push(row);
  }
  await browser.close();
  server.close();
  return table;
}

/** What script adds to pages that are complete without it. */
async function added() {
  const [server, address] = await serve();
  const browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox", "--disable-gpu"] });
  const of = (kind) => samples().find((it) => it.kind === kind).path.replace(/index\.html$/, "");
  const visit = async (kind, options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, permissions: ["clipboard-read", "clipboard-write"], ...options });
    return { context, page: await open(context, address + of(kind), `script on ${of(kind)}`) };
  };
  let n = 0;
  const same = (got, expected, what) => {
    n += 1;
    if (got !== expected) wrong("script", `${what}: ${JSON.stringify(got)}, not ${JSON.stringify(expected)}`);
  };
  const button = (page, name) => page.getByRole("button", { name, exact: true });

  for (const [colorScheme, other] of [["light", "dark"], ["dark", "light"]]) {
    const { context, page } = await visit("story", { colorScheme });
    const look = (page) => page.evaluate(() => ["html", "body", ".foot .tool"].map((it) => getComputedStyle(document.querySelector(it))).map((it) => it.backgroundColor + it.color).join());
    const before = await look(page);
    const [Other, Own] = [other, colorScheme].map((it) => `${it[0].toUpperCase()}${it.slice(1)} page`);
    await button(page, Other).click();
    await page.mouse.move(1, 1);
    const after = await look(page);
    same(after === before, false, `${other} instead of ${colorScheme} looks the same`);
    await accessible(page, `script: ${other} instead of ${colorScheme}`);
    // What a page looks like by choice is what it looks like where the system wants it so.
    const asked = await visit("story", { colorScheme: other });
    same(after, await look(asked.page), `colours of ${other} by choice`);
    await asked.context.close();
    await page.addInitScript(() => new MutationObserver(() => document.body && (window.first ??= document.documentElement.dataset.theme)).observe(document, { childList: true, subtree: true }));
    await page.reload();
    same(await look(page), after, `after a reload, ${other}`);
    same(await page.evaluate(() => window.first), other, "what a page is when its body begins");
    same(await page.evaluate(() => Object.keys(localStorage).length), 1, "what is kept");
    await page.emulateMedia({ media: "print" });
    same(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "light", "on paper");
    await page.emulateMedia({ media: "screen" });
    await button(page, Own).click();
    await page.mouse.move(1, 1);
    same(await look(page), before, `back to ${colorScheme}`);
    same(await page.evaluate(() => Object.keys(localStorage).length), 0, "what is kept of what the system says anyway");
    await context.close();
  }

  {
    const { context, page } = await visit("story");
    const card = page.locator(".peek");
    const link = page.locator(".entry .who > a").first();
    const away = async () => {
      await page.mouse.move(2, 2);
      await page.waitForTimeout(450);
    };
    await link.scrollIntoViewIfNeeded();
    await link.hover();
    await page.waitForTimeout(60);
    await away();
    same(await card.count(), 0, "previews of a link that was only passed");
    await link.hover();
    await page.waitForTimeout(200);
    same(await card.count(), 0, "previews after 200 ms");
    await card.waitFor({ timeout: 2000 }).catch(() => wrong("script", "never: a preview"));
    same(await card.locator("b").textContent(), await link.textContent(), "what a preview is of");
    same(await link.getAttribute("aria-describedby"), "peek", "what describes the link");
    await accessible(page, "script: a preview");
    const inView = await card.evaluate((it) => {
      const { left, right, top, bottom } = it.getBoundingClientRect();
      return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    });
    same(inView, true, "a preview stands in view");
    await card.hover();
    await page.waitForTimeout(600);
    same(await card.count(), 1, "previews while the pointer is in one");
    await page.keyboard.press("Escape");
    same(await card.count(), 0, "previews after Escape");
    await page.waitForTimeout(500);
    same(await card.count(), 0, "previews that come back after Escape");
    await away();
    await link.hover();
    await card.waitFor();
    await away();
    same(await card.count(), 0, "previews once the pointer is away");
    // A number leads to its source.
    const number = page.locator(".entry .ref").first();
    await number.hover();
    await card.waitFor();
    const source = await number.evaluate((it) => document.querySelector(it.hash).querySelector("a").textContent);
    same(await card.locator("b").textContent(), source, "what a number's preview is of");
    await away();
    // By keyboard: it comes, it can be entered, and Escape leads back.
    await page.keyboard.press("Tab");
    await link.focus();
    await card.waitFor();
    await page.keyboard.press("Tab");
    await page.waitForTimeout(450);
    same(await page.evaluate(() => document.activeElement.textContent), "Turn previews off", "what Tab leads to");
    await page.keyboard.press("Escape");
    same(await card.count(), 0, "previews after Escape in one");
    same(await link.evaluate((it) => it === document.activeElement), true, "focus after Escape");
    await away();
    await page.evaluate(() => document.activeElement.blur());
    await page.waitForTimeout(400);
    // Off with one click, also on the next page, and on again.
    await link.hover();
    await card.waitFor();
    await card.getByRole("button", { name: "Turn previews off" }).click();
    same(await card.count(), 0, "previews once turned off");
    await away();
    await page.reload();
    await link.hover();
    await page.waitForTimeout(700);
    same(await card.count(), 0, "previews after a reload, turned off");
    await button(page, "Turn previews on").click();
    await link.hover();
    await card.waitFor({ timeout: 2000 }).catch(() => wrong("script", "never: a preview that was turned on again"));
    await context.close();
  }

  {
    const touch = await visit("story", { hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } });
    same(await button(touch.page, "Turn previews off").count(), 0, "tools for previews on a telephone");
    await touch.context.close();
  }

  {
    const { context, page } = await visit("statement");
    const data = JSON.parse(readFileSync(join(site, of("statement"), "index.json"), "utf8"));
    const copied = async (name) => {
      await button(page, name).click();
      await page.getByRole("status").filter({ hasText: "Copied" }).waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    await page.locator("[data-copies] summary").click();
    const text = await copied("Copy words and citation");
    same(text.includes(data.statement.words) && text.endsWith(`\n${data.cite}`), true, `words and citation: ${text}`);
    same(await copied("Copy citation"), data.cite, "citation");
    same(await copied("Copy BibTeX"), data.cite_bibtex, "BibTeX");
    same(await copied("Copy CSL-JSON"), data.cite_csl, "CSL-JSON");
    await accessible(page, "script: the box for citations");
    await context.close();
  }

  {
    // Where a theme has a search: one of ours, in the place of its own.
    const { context, page } = await visit("event");
    let asked = 0;
    await page.route("**/assets/search.js", (route) => {
      asked += 1;
      return route.fulfill({ contentType: "text/javascript", body: "export const open = (link) => { window.opened = (window.opened ?? 0) + 1; window.by = link.id; };" });
    });
    const offer = (module) => {
      document.querySelectorAll("[data-search]").forEach((link) => link.removeAttribute("data-search"));
      const it = Object.assign(document.createElement("a"), { id: "ask", href: "#main", textContent: "Search" });
      it.dataset.search = "";
      it.dataset.module = module;
      document.querySelector("header").append(it);
      dispatchEvent(new Event("rejoinder-changed"));
    };
    await page.evaluate(offer, `${address}assets/search.js`);
    same(asked, 0, "loads before anybody asks");
    await page.locator("#ask").click();
    await page.waitForFunction(() => window.opened === 1);
    same(await page.evaluate(() => window.by), "ask", "the link that the search is told of");
    await page.keyboard.press("/");
    await page.waitForFunction(() => window.opened === 2);
    await page.keyboard.press("Control+k");
    await page.waitForFunction(() => window.opened === 3);
    same(asked, 1, "loads");
    await button(page, "Turn the / key off").click();
    await page.keyboard.press("/");
    await page.waitForTimeout(200);
    same(await page.evaluate(() => window.opened), 3, "the key, turned off");
    // One that does not work leads to the page.
    await page.route("**/assets/broken.js", (route) => route.fulfill({ contentType: "text/javascript", body: "export const open = () => { throw new Error(); };" }));
    await page.evaluate(() => (document.querySelector("#ask").dataset.module = "/assets/broken.js"));
    await page.locator("#ask").click();
    await page.waitForFunction(() => location.hash === "#main");
    await context.close();
  }

  {
    // Pages are fetched ahead, which the policy allows.
    const { context, page } = await visit("term");
    server.ahead = [];
    const link = page.locator("nav a[href]:not([aria-current])").first();
    await link.hover();
    await page.waitForTimeout(1500);
    same(server.ahead.join(), new URL(await link.getAttribute("href"), page.url()).pathname, "pages fetched ahead");
    await context.close();
  }
  await browser.close();
  server.close();
  return n;
}

/** The W3C's checker on every page. */
function checked() {
  const jar = require.resolve("vnu-jar/build/dist/vnu.jar");
  const paths = pages.map((path) => join(site, path));
  const run = () => execFileSync("java", ["-Xss4m", "-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", ...paths], { maxBuffer: 1 << 28 });
  const { messages } = JSON.parse(run().toString());
  const errors = messages.filter((it) => it.type === "error" || it.type === "non-document-error");
  for (const it of errors) {
    const where = it.url ? relative(site, fileURLToPath(it.url)) : "checker";
    wrong(`${where}:${it.lastLine ?? ""}`, `${it.message}\n    ${(it.extract ?? "").trim().slice(0, 160)}`);
  }
  return { pages: pages.length, errors: errors.length, warnings: messages.length - errors.length };
}

const started = Date.now();
const table = await inBrowser();
console.table(table);
console.log(`what script adds: ${await added()} things compared`);
const inBrowserFor = Date.now() - started;
const html = checked();
console.log(`W3C checker: ${html.pages} pages, ${html.errors} errors, ${html.warnings} warnings and notes`);
console.log(`browser ${(inBrowserFor / 1000).toFixed(0)} s, checker ${((Date.now() - started - inBrowserFor) / 1000).toFixed(0)} s`);
const shown = [...new Set(problems)];
shown.slice(0, 60).forEach((it) => console.log(`wrong: ${it}`));
if (shown.length > 60) console.log(`… and ${shown.length - 60} more`);
process.exit(shown.length ? 1 : 0);
