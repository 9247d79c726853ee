// What Lighthouse says of built pages, as a phone sees them.
//
//   node run.mjs DIR [ROUNDS]       DIR is a finished site; every page is measured ROUNDS times (1)
//
// The largest page of every kind, from the loopback interface, compressed as a host would. Accessibility, best practices and SEO
// have to be 100, in every round. Performance is told as the median of the rounds and judged by nobody: it depends on what else
// the machine does. Not part of the tests, which hold pages against axe, the checker of the W3C and budgets in bytes already.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const site = resolve(process.argv[2] ?? "public");
const rounds = Number(process.argv[3] ?? 1);
const MUST_BE_100 = ["accessibility", "best-practices", "seo"];
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".json": "application/json", ".xml": "application/xml",
  ".svg": "image/svg+xml", ".woff2": "font/woff2", ".txt": "text/plain", ".png": "image/png", ".js": "text/javascript",
};

/** The largest page of every kind, by the kind its JSON twin tells. */
function samples() {
  const largest = new Map();
  for (const path of readdirSync(site, { recursive: true }).map(String).filter((it) => it.endsWith(".html"))) {
    const twin = join(site, path.replace(/\.html$/, ".json"));
    if (!existsSync(twin)) continue;
    const { kind } = JSON.parse(readFileSync(twin, "utf8")).page;
    const size = statSync(join(site, path)).size;
    if (size > (largest.get(kind)?.size ?? 0)) largest.set(kind, { kind, path, size });
  }
  return [...largest.values()].sort((a, b) => a.kind.localeCompare(b.kind));
}

const server = createServer((request, response) => {
  let file = join(site, decodeURIComponent(new URL(request.url, "http://x").pathname));
  if (file !== site && !file.startsWith(site + sep)) return response.writeHead(403).end();
  if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
  if (!existsSync(file)) return response.writeHead(404).end();
  const type = TYPES[extname(file)] ?? "application/octet-stream";
  const squeezed = /text|json|xml|javascript/.test(type);
  const bytes = readFileSync(file);
  response.writeHead(200, { "content-type": type, ...(squeezed && { "content-encoding": "br" }) });
  response.end(squeezed ? brotliCompressSync(bytes) : bytes);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const base = `http://127.0.0.1:${server.address().port}/`;
const browser = await launch({ chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium", chromeFlags: FLAGS });

let wrong = 0;
console.log(`| page | performance | ${MUST_BE_100.join(" | ")} | largest paint | shift |`);
for (const { kind, path } of samples()) {
  const runs = [];
  for (let round = 0; round < rounds; round += 1) {
    const address = base + path.replace(/index\.html$/, "");
    const { lhr } = await lighthouse(address, { port: browser.port, onlyCategories: ["performance", ...MUST_BE_100], logLevel: "silent" });
    runs.push(lhr);
    for (const category of MUST_BE_100) {
      if (lhr.categories[category].score === 1) continue;
      wrong += 1;
      const failed = lhr.categories[category].auditRefs
        .filter((it) => it.weight > 0 && lhr.audits[it.id].score !== null && lhr.audits[it.id].score < 1).map((it) => it.id);
      console.error(`${path}: ${category} is ${Math.round(lhr.categories[category].score * 100)}: ${failed.join(", ")}`);
    }
  }
  const median = (of) => runs.map(of).sort((a, b) => a - b)[Math.floor(runs.length / 2)];
  const score = (category) => Math.round(median((it) => it.categories[category].score) * 100);
  const cells = [score("performance"), ...MUST_BE_100.map(score), `${(median((it) => it.audits["largest-contentful-paint"].numericValue) / 1000).toFixed(1)} s`,
    median((it) => it.audits["cumulative-layout-shift"].numericValue).toFixed(3)];
  console.log(`| ${kind} | ${cells.join(" | ")} |`);
}
await browser.kill();
server.close();
process.exit(wrong ? 1 : 0);
