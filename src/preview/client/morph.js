// Makes the page that is shown like another document by the fewest changes, so that what the reader did to it stays: focus,
// selection, what they typed and ticked and opened.

/** What no page holds: our own, and what a script that stays with the page made of it. */
const isOurs = (node) => node === panel || node.dataset?.made !== undefined || (node.localName === "script" && node.dataset.revision);

/** What of the head is new and what is gone; style sheets are not counted. */
function headChanges(fresh) {
  const parts = (page) =>
    [...page.head.children].filter((it) => !it.matches('link[rel~="stylesheet" i]') && !isOurs(it) && !(it.localName === "script" && isCode(it)));
  const [old, wanted] = [parts(document), parts(fresh)];
  const isLike = (one) => (other) => one.isEqualNode(other) || (bare(one.outerHTML) === bare(other.outerHTML));
  const added = wanted.filter((it) => !old.some(isLike(it)));
  const removed = old.filter((it) => !wanted.some(isLike(it)));
  // A policy that is in force stays in force, and a script that has run has run.
  const needsReload = [...added, ...removed].some((it) => it.matches("meta[http-equiv], base, script[data-lasting]"));
  return { added, removed, needsReload };
}

function morph(old, wanted) {
  if (old.isEqualNode(wanted)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== wanted.data) old.data = wanted.data;
    return;
  }
  attributes(old, wanted);
  if (old.localName === "noscript") {
    // Here its content is text, there it is elements.
    if (old.textContent !== wanted.innerHTML) old.textContent = wanted.innerHTML;
  } else if (old.localName === "template") {
    children(old.content, wanted.content);
  } else {
    children(old, wanted);
  }
}

/** Whether the reader, not the author, says what an attribute is. */
const isReaders = (it, name) =>
  (name === "open" && /^(details|dialog)$/.test(it.localName)) || (name === "data-theme" && it === document.documentElement);

function attributes(old, wanted) {
  for (const { name, value } of [...wanted.attributes]) {
    if (!isReaders(old, name) && bare(old.getAttribute(name)) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!isReaders(old, name) && !wanted.hasAttribute(name) && name !== "style") old.removeAttribute(name);
  }
}

/** By what a node is known again: its id, else what it says. */
function sign(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return `${node.nodeName}|${node.data}`;
  if (node.id) return `${node.nodeName}#${node.id}`;
  if (node.localName === "noscript") return node.nodeName;
  const said = node.textContent || ["src", "name", "value", "href"].map((it) => bare(node.getAttribute(it))).join("|");
  return `${node.nodeName}|${said}`;
}

function children(old, wanted) {
  const there = [...old.childNodes].filter((it) => !isOurs(it));
  const coming = [...wanted.childNodes].filter((it) => !isOurs(it));
  const partners = match(there, coming);
  const kept = new Set(partners);
  there.forEach((it, idx) => kept.has(idx) || it.remove());
  let next = there.find((_, idx) => kept.has(idx)) ?? [...old.childNodes].find(isOurs) ?? null;
  coming.forEach((it, idx) => {
    const node = there[partners[idx]];
    if (!node) return old.insertBefore(document.importNode(it, true), next);
    if (node === next) next = node.nextSibling;
    else if (old.moveBefore && old.isConnected) old.moveBefore(node, next);
    else old.insertBefore(node, next);
    morph(node, it);
  });
}

/** For each of `coming` the number of the node in `there` that it is a newer state of, or -1. */
function match(there, coming) {
  const [a, b] = [there.map(sign), coming.map(sign)];
  const found = b.map(() => -1);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) found[start] = start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) found[--endB] = --endA;
  for (const [i, j] of common(a.slice(start, endA), b.slice(start, endB))) found[start + j] = start + i;
  // Between two that are known, one of the same kind in the same order is taken for a newer state.
  let from = 0;
  for (let j = 0; j <= b.length; j++) {
    if (j < b.length && found[j] < 0) continue;
    const to = j < b.length ? found[j] : a.length;
    let i = from;
    let k = j;
    while (k > 0 && found[k - 1] < 0) k--;
    for (; k < j; k++) {
      let at = i;
      while (at < to && !isAlike(there[at], coming[k])) at++;
      if (at < to) [found[k], i] = [at, at + 1];
    }
    from = to + 1;
  }
  // What moved is known by its id.
  const taken = new Set(found);
  coming.forEach((it, j) => {
    if (found[j] >= 0 || !it.id) return;
    const i = there.findIndex((other, idx) => other.id === it.id && other.nodeName === it.nodeName && !taken.has(idx));
    if (i >= 0) taken.add((found[j] = i));
  });
  return found;
}

const isAlike = (old, wanted) => old.nodeName === wanted.nodeName && (old.id ?? "") === (wanted.id ?? "");

/** The longest common subsequence, as pairs of positions. Nothing of lists so long that it would take a noticeable time. */
function common(a, b) {
  const pairs = [];
  if (!a.length || !b.length || a.length * b.length > 400000) return pairs;
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? lengths[(i + 1) * width + j + 1] + 1
          : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) i++;
    else j++;
  }
  return pairs;
}

