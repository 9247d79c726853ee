// Style sheets are exchanged without a moment between: the new one is there before the old one goes.

const MARK = /[?&]rejoinder=\d+/g;
const bare = (address) => address?.replace(MARK, "");
/** The name of a file without the digest in it: `main.1a2b3c4d.css` is a newer `main.00000000.css`. */
const stem = (address) => new URL(address).pathname.replace(/\.[0-9a-f]{8}(?=\.[^./]*$)/, "");
const sheets = (root) => [...root.querySelectorAll('link[rel~="stylesheet" i][href]')];
const loaded = new Map();

/** Waits until a new style sheet is there, or cannot be; not for ever. */
const settled = (link) =>
  new Promise((done) => {
    link.addEventListener("load", done);
    link.addEventListener("error", done);
    setTimeout(done, 3000);
  });

/** Makes the style sheets those of another document. */
async function swapStyles(fresh) {
  const wanted = sheets(fresh);
  const old = sheets(document);
  const leaving = old.filter((it) => !wanted.some((other) => other.href === bare(it.href)));
  const coming = wanted.filter((it) => !old.some((other) => bare(other.href) === it.href));
  const waiting = coming.map((it) => {
    const before = leaving.find((other) => stem(other.href) === stem(it.href)) ?? leaving.at(-1);
    const link = document.importNode(it, true);
    const ready = settled(link);
    if (before) before.after(link);
    else document.head.append(link);
    return ready;
  });
  await Promise.all(waiting);
  leaving.forEach((it) => it.remove());
}

/** Loads anew what changed under its old name: style sheets and pictures, by address, with the state in which they did. */
async function refresh(assets) {
  const waiting = [];
  for (const [path, state] of Object.entries(assets)) {
    if (state <= (loaded.get(path) ?? revision)) continue;
    loaded.set(path, state);
    const newer = (address) => {
      const url = new URL(address, document.baseURI);
      url.searchParams.set("rejoinder", state);
      return url.href;
    };
    const isIt = (address) => address && new URL(address, document.baseURI).pathname === path;
    const links = sheets(document);
    const named = links.filter((it) => isIt(it.href));
    // A font, a picture in a style sheet, or a sheet that another one imports.
    const isInside = /\.(css|woff2?|ttf|otf)$/.test(path) && !named.length;
    for (const old of isInside ? links : named) {
      const link = old.cloneNode();
      link.href = newer(old.href);
      waiting.push(settled(link).then(() => old.remove()));
      old.after(link);
    }
    for (const it of document.querySelectorAll("img[src], source[src], video[src], audio[src], link[rel~=icon]")) {
      const name = it.localName === "link" ? "href" : "src";
      if (isIt(it.getAttribute(name))) it.setAttribute(name, newer(it.getAttribute(name)));
    }
  }
  await Promise.all(waiting);
}

