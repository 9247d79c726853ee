// The search in a real browser: the dialog, its keys and facets, and what is there without script.
//
//   node search.mjs DIR       DIR is a finished site with an index
//
// Takes a statement of the site, looks for words of it, and expects it first. Also below a path of its own, and in both
// directions; axe reads the open dialog. Prints what it did; ends with 1 when anything is wrong.
import { createReadStream, existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, resolve, sep } from "node:path";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const site = resolve(process.argv[2] ?? "public");
const problems = [];
const wrong = (where, what) => problems.push(`${where}: ${what}`);
const expect = (is, where, what) => is || wrong(where, what);

const pages = readdirSync(site, { recursive: true }).map(String).filter((path) => path.endsWith("index.json")).map((path) => JSON.parse(readFileSync(join(site, path), "utf8")));
const statements = pages.filter((it) => it.page.kind === "statement");
// One that has a stance, and words that stand in it alone.
const rare = (it) => {
  const own = it.statement.words.toLowerCase().match(/[a-z]{7,}/g) ?? [];
  return own.find((word) => statements.filter((other) => other.statement.words.toLowerCase().includes(word)).length === 1);
};
const meant = statements.find((it) => it.statement.stance && it.statement.form === "quote" && rare(it));
const word = rare(meant);
const story = pages.find((it) => it.page.kind === "story").page.url;

const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".js": "text/javascript" };
const server = createServer((request, response) => {
  let file = join(site, decodeURIComponent(new URL(request.url, "http://x").pathname).replace(/^\/below/, ""));
  if (!file.startsWith(site + sep) && file !== site) return response.writeHead(403).end();
  if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
  if (!existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const address = `http://127.0.0.1:${server.address().port}/below`;
const known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];
const browser = await chromium.launch({ executablePath: [process.env.CHROMIUM, ...known].find((it) => it && existsSync(it)), args: ["--no-sandbox", "--disable-gpu"] });

// With less motion, because a browser tells of view transitions that it leaves out.
async function open(path, where, options = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && wrong(where, `console: ${message.text()}`));
  page.on("pageerror", (error) => wrong(where, `script: ${error.message}`));
  page.on("response", (response) => response.status() >= 400 && wrong(where, `${response.status()} for ${response.url()}`));
  await page.goto(address + path);
  return page;
}

const FIRST = ".found a";
const pathOf = (page) => page.evaluate(() => location.pathname);
async function clean(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((values) => axe.run(document, { runOnly: { type: "tag", values } }), TAGS);
  for (const it of violations) wrong(where, `axe ${it.id}: ${it.help}\n    ${it.nodes[0].html.slice(0, 160)}`);
}

for (const [width, colorScheme] of [[360, "dark"], [1280, "light"]]) {
  const where = `dialog (${width} px, ${colorScheme})`;
  const page = await open(story, where, { viewport: { width, height: 800 }, colorScheme });
  expect((await page.evaluate(() => performance.getEntriesByType("resource").filter((it) => /pagefind|search\./.test(it.name)).length)) === 0, where, "the search is loaded before anybody asks");
  await page.keyboard.press("/");
  await page.waitForSelector("dialog[open] input");
  await page.keyboard.type(word);
  await page.waitForSelector(FIRST);
  await page.waitForSelector(".facets select");
  const text = await page.textContent(FIRST);
  expect(text.toLowerCase().includes(word), where, `“${word}” finds “${text}” first`);
  expect((await page.textContent(".found h2")).startsWith("Statements"), where, "statements do not come first");
  expect(/^\d+ found$/.test(await page.textContent("[role=status]")), where, "the count is not told");
  await clean(page, where);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide <= 0, where, `scrolls sideways by ${wide} px`);
  // A stance alone finds what has it.
  await page.fill("dialog input", "");
  await page.selectOption("dialog select[name=stance]", meant.statement.stance.label);
  await page.waitForFunction(() => document.querySelectorAll(".found section").length === 1);
  expect((await page.textContent(".found h2")).startsWith("Statements"), where, "a stance finds more than statements");
  // With words of another statement it finds nothing.
  const other = statements.find((it) => it.statement.stance && it.statement.stance.label !== meant.statement.stance.label && rare(it));
  await page.fill("dialog input", rare(other));
  await page.waitForFunction(() => document.querySelector("[role=status]").textContent === "Nothing found");
  await page.fill("dialog input", word);
  await page.waitForSelector(FIRST);
  // Keys: down to the first result, up to the field, Esc closes, Enter follows.
  await page.focus("dialog input");
  await page.keyboard.press("ArrowDown");
  expect(await page.evaluate((it) => document.activeElement === document.querySelector(it), FIRST), where, "ArrowDown does not reach the first result");
  await page.keyboard.press("ArrowUp");
  expect(await page.evaluate(() => document.activeElement.matches("dialog input")), where, "ArrowUp does not lead back");
  await page.keyboard.press("Escape");
  expect(await page.evaluate(() => !document.querySelector("dialog[open]")), where, "Esc does not close it");
  await page.click("[data-search]");
  await page.waitForSelector("dialog[open]");
  expect((await pathOf(page)).endsWith(story), where, "the link is followed although there is a dialog");
  await Promise.all([page.waitForURL(`**${meant.page.url}`), page.keyboard.press("Enter")]);
  await page.context().close();
}

{
  const where = "/search/";
  const page = await open("/search/", where, { viewport: { width: 1280, height: 900 } });
  await page.fill("[data-seek] input", word);
  await page.waitForSelector(FIRST);
  await page.waitForSelector("[data-seek] select");
  await clean(page, where);
  await page.focus("h1");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement.matches("[data-seek] input"));
  // A slash is a slash where somebody writes.
  await page.fill("[data-seek] input", "");
  await page.keyboard.press("/");
  expect((await page.inputValue("[data-seek] input")) === "/", where, "a slash cannot be typed");
  await page.context().close();
}

{
  const where = "an index that is gone";
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route("**/pagefind/**", (route) => route.abort());
  await page.goto(address + story);
  await page.keyboard.press("/");
  await page.waitForSelector("dialog[open] [role=status] a");
  expect((await page.getAttribute("dialog [role=status] a", "href")).endsWith("/below/search/index.html"), where, "the list is not offered");
  await context.close();
}

{
  const where = "without script";
  const page = await open(story, where, { javaScriptEnabled: false });
  await Promise.all([page.waitForURL("**/search/**"), page.click('header a[href*="search/"]')]);
  const listed = new Set(await page.evaluate(() => [...document.querySelectorAll(".finds a")].map((it) => new URL(it.href).pathname.replace(/index\.html$/, ""))));
  const wanted = pages.filter((it) => ["story", "statement", "actor", "source", "term"].includes(it.page.kind));
  for (const it of wanted) expect(listed.has(`/below${it.page.url}`), where, `${it.page.url} is not in the list`);
  expect(wanted.length > 90, where, "the example has all its pages");
  await page.context().close();
}

await browser.close();
server.close();
console.log(`search: “${word}” leads to ${meant.page.url}; ${statements.length} statements`);
problems.forEach((it) => console.log(`wrong: ${it}`));
process.exit(problems.length ? 1 : 0);
