// What built pages do in a real browser, and what the W3C's checker says of them.
//
//   node run.mjs DIR       DIR is a finished site
//
// For the largest page of every kind, at three widths, light and dark: axe (WCAG 2.2 A and AA, best practice), layout shift,
// sideways scroll, console errors. Once more without script, at 320 px with text twice as large, from right to left, with
// fonts that come late, and from disk, where every link must name a file. Then the checker reads every page. Prints a table; ends with 1 when anything is wrong.
import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const site = resolve(process.argv[2] ?? "public");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [[360, 740], [768, 1024], [1280, 900]];
const SCHEMES = ["light", "dark"];

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
const words = (page) => page.evaluate(() => document.body.innerText.replace(/\s+/g, " ").trim());

async function inBrowser() {
  const [server, address] = await serve();
  const browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox", "--disable-gpu"] });
  const table = [];
  for (const { kind, path } of samples()) {
    const row = { page: kind, axe: 0, cls: 0, overflow: 0, runs: 0 };
    // The page for lost addresses names its files from the site's own address, which is not where we serve it.
    const isLost = kind === "not-found";
    let seen = "";
    for (const [width, height] of WIDTHS) {
      for (const colorScheme of SCHEMES) {
        const where = `${path} (${width} px, ${colorScheme})`;
        const context = await browser.newContext({ viewport: { width, height }, colorScheme });
        await context.addInitScript(watchShifts);
        const page = await open(context, address + path.replace(/index\.html$/, ""), where);
        const { shifted, shiftedBy } = await page.evaluate(() => ({ shifted: window.shifted, shiftedBy: window.shiftedBy }));
        const wide = await overflow(page);
        seen = await words(page);
        await page.evaluate(axe);
        const { violations } = await page.evaluate((values) => axe.run(document, { runOnly: { type: "tag", values } }), TAGS);
        for (const it of violations) wrong(where, `axe ${it.id} (${it.nodes.length}): ${it.help}\n    ${it.nodes[0].html.slice(0, 160)}\n    ${(it.nodes[0].any[0] ?? it.nodes[0].all[0] ?? it.nodes[0].none[0])?.message ?? ""}`);
        if (shifted > 0) wrong(where, `layout shift of ${shifted.toFixed(4)}: ${shiftedBy}`);
        if (wide.by > 0) wrong(where, `scrolls sideways by ${wide.by} px: ${wide.culprit}`);
        row.axe += violations.length;
        row.cls += shifted;
        row.overflow += wide.by > 0 ? 1 : 0;
        row.runs += 1;
        await context.close();
      }
    }
    {
      const where = `${path} (320 px, text twice as large)`;
      const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
      const page = await open(context, address + path, where);
      await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
      const wide = await overflow(page);
      if (wide.by > 0) wrong(where, `scrolls sideways by ${wide.by} px: ${wide.culprit}`);
      row.overflow += wide.by > 0 ? 1 : 0;
      await context.close();
    }
    for (const [width, height] of [[360, 740], [1280, 900]]) {
      const where = `${path} (${width} px, from right to left)`;
      const context = await browser.newContext({ viewport: { width, height } });
      const page = await open(context, address + path, where);
      await page.evaluate(() => (document.documentElement.dir = "rtl"));
      const wide = await overflow(page);
      if (wide.by > 0) wrong(where, `scrolls sideways by ${wide.by} px: ${wide.culprit}`);
      row.overflow += wide.by > 0 ? 1 : 0;
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
      const scripts = await page.evaluate(() => [...document.scripts].filter((it) => it.type !== "application/ld+json").length);
      if (scripts > 0) wrong(where, `${scripts} scripts`);
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
const inBrowserFor = Date.now() - started;
const html = checked();
console.log(`W3C checker: ${html.pages} pages, ${html.errors} errors, ${html.warnings} warnings and notes`);
console.log(`browser ${(inBrowserFor / 1000).toFixed(0)} s, checker ${((Date.now() - started - inBrowserFor) / 1000).toFixed(0)} s`);
const shown = [...new Set(problems)];
shown.slice(0, 60).forEach((it) => console.log(`wrong: ${it}`));
if (shown.length > 60) console.log(`… and ${shown.length - 60} more`);
process.exit(shown.length ? 1 : 0);
