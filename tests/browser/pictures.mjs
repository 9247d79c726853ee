// Makes the pictures of docs/pictures/: each kind of page in both themes, from finished sites of the worked example.
//
//   node pictures.mjs VERBATIM SWITCHBOARD [OUT]       two finished sites; OUT is docs/pictures
//
// Look at them before you commit them. Share cards (`card-….png`) are files of such sites.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const [verbatim, switchboard, to] = process.argv.slice(2);
const out = resolve(to ?? join(dirname(fileURLToPath(import.meta.url)), "../../docs/pictures"));
const story = "deepseek-r1/";
const ADDRESSES = {
  home: "", story, reaction: `${story}nvidia/`, statement: `${story}meta/heavily/`, timeline: `${story}timeline/`, compare: `${story}compare/`,
  map: `${story}map/`, actor: "actors/deepseek/", actors: "actors/", event: "events/r1-release/", source: "sources/euronews-r1/",
  sources: "sources/", term: "terms/distillation/", terms: "terms/", corrections: "corrections/", checks: "checks/", page: "methods/",
  search: "search/", "not-found": "404.html",
};
/** What is shown by night: half of each theme, never the same kind in both. */
const BY_NIGHT = { verbatim: ["timeline", "source", "term", "search"], switchboard: ["statement", "map", "terms", "page"] };
const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml",
  ".woff2": "font/woff2", ".webp": "image/webp", ".png": "image/png",
};

const sites = { verbatim: resolve(verbatim), switchboard: resolve(switchboard) };
const server = createServer((request, response) => {
  const [, theme, ...rest] = decodeURIComponent(new URL(request.url, "http://x").pathname).split("/");
  let file = join(sites[theme] ?? "/nowhere", ...rest);
  if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
  if (!existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  // The page for lost addresses names its files from where the site lives.
  const isLost = file.endsWith("/404.html");
  response.end(isLost ? readFileSync(file, "utf8").replaceAll(/(href|src)="(https:\/\/[^\/]+)?\//g, `$1="/${theme}/`) : readFileSync(file));
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const base = `http://127.0.0.1:${server.address().port}/`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
mkdirSync(out, { recursive: true });

/** A page as it stands in a window, after something was done with it. */
async function shown(address, [width, height], { scheme = "light", scale = 1, then = () => {} } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, deviceScaleFactor: scale });
  const page = await context.newPage();
  await page.goto(base + address, { waitUntil: "load" });
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(then);
  await page.waitForTimeout(250);
  return page;
}

/** Writes what stands in the window as WebP, which Chromium encodes itself. */
async function write(name, page, size, scale = 1) {
  const [width, height] = size;
  const session = await page.context().newCDPSession(page);
  const clip = await page.evaluate(() => ({ x: scrollX, y: scrollY }));
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 50, clip: { ...clip, width, height, scale } });
  writeFileSync(join(out, `${name}.webp`), Buffer.from(data, "base64"));
  await page.context().close();
}

const toRecord = () => document.querySelector("#record").scrollIntoView({ behavior: "instant" });
for (const theme of ["verbatim", "switchboard"]) {
  for (const [kind, address] of Object.entries(ADDRESSES)) {
    const scheme = BY_NIGHT[theme].includes(kind) ? "dark" : "light";
    await write(`${theme}-${kind}`, await shown(`${theme}/${address}`, [1280, 960], { scheme }), [1280, 960], 0.75);
  }
  await write(`${theme}-record`, await shown(`${theme}/${story}`, [1280, 1100], { then: toRecord }), [1280, 1100]);
  // Three telephones beside each other: the head of a story, its record, and a reply of one word by night.
  const telephone = [390, 844];
  const reply = () => document.querySelector(".entry .prompt").closest(".entry").scrollIntoView({ behavior: "instant" });
  const pictures = [];
  for (const [scheme, then] of [["light", () => {}], ["light", toRecord], ["dark", reply]]) {
    const page = await shown(`${theme}/${story}`, telephone, { scheme, then, scale: 1.25 });
    pictures.push((await page.screenshot()).toString("base64"));
    await page.context().close();
  }
  const beside = await (await browser.newContext({ viewport: { width: 1218, height: 868 }, deviceScaleFactor: 1.25 })).newPage();
  await beside.setContent(`<body style="margin:12px;display:flex;gap:12px;background:#8a8f94">${pictures.map((it) => `<img width="390" src="data:image/png;base64,${it}">`).join("")}`);
  await write(`${theme}-phone`, beside, [1218, 868]);
}
await browser.close();
server.close();
