// What script adds. Every page is complete without it, and nothing here changes what a page says. Elements that it makes have
// the attribute `data-made`. They are made again when somebody changes the page and sends the event `rejoinder-changed`.
(() => {
  const root = document.documentElement;
  const make = (name, properties, ...inside) => {
    const it = Object.assign(document.createElement(name), properties);
    it.dataset.made = "";
    it.append(...inside);
    return it;
  };
  // Under any policy, without another file, and all at once. A theme says more about these classes to have it its way.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
.tool{font:400 .8125rem/1.5 var(--sans,sans-serif);color:inherit;background:none;border:1px solid var(--rule,currentColor);padding:.2rem .75rem;min-block-size:1.75rem;cursor:pointer}
.tool:hover{color:var(--acc);border-color:currentColor}
.tools{gap:.5rem;margin-block-start:.75rem}p.tools{font:400 .8125rem/1.75rem var(--sans,sans-serif);margin-block:.25rem 1rem}
.peek{position:absolute;inset:auto;margin:0;box-sizing:border-box;inline-size:min(22rem,100vw - 2rem);padding:.9rem 1.1rem;border:1px solid var(--rule);background:var(--card);color:var(--ink);font:400 .9375rem/1.45 var(--sans);letter-spacing:0;text-indent:0;text-align:start;box-shadow:0 4px 16px #0003}
.peek b{font-size:1.0625rem}.peek p{margin-block:.35rem .8rem;padding:0;color:inherit;font:inherit}
@media print{.tools,.peek{display:none}}`);
  document.adoptedStyleSheets.push(sheet);
  const button = (text, onclick) => make("button", { type: "button", className: "tool", textContent: text, onclick });
  // A browser may refuse to remember anything; then it holds for this page.
  const kept = {};
  const remembered = (key) => {
    try {
      return localStorage.getItem("rejoinder-" + key);
    } catch {
      return kept[key];
    }
  };
  const remember = (key, value) => {
    kept[key] = value;
    try {
      value ? localStorage.setItem("rejoinder-" + key, value) : localStorage.removeItem("rejoinder-" + key);
    } catch {}
  };

  // Tools stand at the very end of the page, where they move nothing when they come.
  const tools = make("ul", { className: "row tools" });
  const tool = (text, onclick) => {
    const it = button(text, onclick);
    tools.append(make("li", {}, it));
    return it;
  };
  /** A tool that turns something off and on again. Answers with a function that says whether it is on. */
  const turns = (what, key, then = () => {}) => {
    const isOn = () => remembered(key) !== "off";
    const name = () => (it.textContent = `Turn ${what} ${isOn() ? "off" : "on"}`);
    const it = tool("", () => {
      remember(key, isOn() && "off");
      name();
      then();
    });
    name();
    return [isOn, it];
  };

  // Light or dark, where the theme has both. What the system says needs no remembering.
  const system = matchMedia("(prefers-color-scheme:dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  let paint = () => {};
  if (root.dataset.theme || getComputedStyle(root).colorScheme.includes(" ")) {
    const it = tool("", () => {
      const wanted = isDark() ? "light" : "dark";
      remember("theme", isDark() === system.matches && wanted);
      paint();
    });
    paint = () => {
      root.dataset.theme = remembered("theme") || "";
      it.textContent = isDark() ? "Light page" : "Dark page";
      for (const meta of document.querySelectorAll("[name=theme-color]")) meta.content = getComputedStyle(root).backgroundColor;
    };
    system.onchange = paint;
    // Another tab, or a page that the browser had put aside.
    addEventListener("storage", paint);
    addEventListener("pageshow", paint);
  }

  // Copying: what stands in an element with `data-copy`, which names it, and in the one that `data-with` names by its id.
  const copies = make("p", { className: "row tools" });
  const said = make("span", {});
  said.role = "status";
  const copy = (it) =>
    button("Copy " + it.dataset.copy, () => {
      const text = [it, document.getElementById(it.dataset.with)].map((part) => part?.textContent.trim());
      navigator.clipboard.writeText(text.filter(Boolean).join("\n")).then(
        () => (said.textContent = `Copied: ${it.dataset.copy}.`),
        () => (said.textContent = "The browser did not allow copying."),
      );
    });

  // What a link to an actor, a term or a source leads to, in a line, from that page itself. A number leads to the source that
  // it stands for. By touch, from disk and in old browsers links just work.
  let card, link, opening, leaving;
  const close = () => {
    opening = clearTimeout(opening);
    link?.removeAttribute("aria-describedby");
    card?.remove();
    card = null;
  };
  const leave = () => {
    opening = clearTimeout(opening);
    clearTimeout(leaving);
    leaving = setTimeout(() => (close(), (link = null)), 300);
  };
  const pages = {};
  const page = (url) =>
    (pages[url] ??= new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("GET", url);
      request.responseType = "document";
      request.onloadend = () => {
        const it = request.status === 200 && request.response;
        done(it && [it.querySelector("h1")?.textContent, it.querySelector("[name=description]")?.content, it.documentElement]);
      };
      request.send();
    }));
  const show = ([title, words, { lang, dir }]) => {
    const p = make("p", { id: "peek", textContent: words });
    card = make("div", { className: "peek", popover: "manual", lang, dir }, make("b", { textContent: title }), p, button("Turn previews off", () => off.click()));
    link.setAttribute("aria-describedby", "peek");
    link.after(card);
    card.showPopover();
    const at = link.getBoundingClientRect();
    const isBelow = at.bottom + card.offsetHeight + 8 < innerHeight || at.top < card.offsetHeight + 8;
    card.style.left = scrollX + Math.max(16, Math.min(at.left, root.clientWidth - card.offsetWidth - 16)) + "px";
    card.style.top = scrollY + (isBelow ? at.bottom + 4 : at.top - card.offsetHeight - 4) + "px";
  };
  const enter = ({ type, target, pointerType }) => {
    if (card?.contains(target)) return clearTimeout(leaving);
    // A card that is gone cannot be left; whatever else is entered tells that its link was. Unless one is about to come: focus moves
    // the page below a pointer at rest.
    if (!card && !opening && !link?.contains(target)) link = null;
    const it = target.closest?.("main a[href]");
    const to = it?.classList.contains("ref") ? document.getElementById(it.hash.slice(1))?.querySelector("a") : it;
    if (!to || pointerType === "touch" || !arePreviewed() || (type === "focusin" && !it.matches(":focus-visible"))) return;
    if (it === link) return clearTimeout(leaving);
    if (to.origin !== location.origin || to.pathname === location.pathname || !/\/(actors|terms|sources)\/[^/]+\/(index\.html)?$/.test(to.pathname)) return;
    close();
    clearTimeout(leaving);
    link = it;
    opening = setTimeout(async () => {
      // The page is asked for when somebody means it, and shown when they stay.
      const [found] = await Promise.all([page(to.href.split("#")[0]), new Promise((done) => (opening = setTimeout(done, 230)))]);
      if (found?.[0] && found[1] && link === it && it.isConnected && !card) show(found);
    }, 120);
  };
  const exit = ({ target }) => (target === link || link?.contains(target) || card?.contains(target)) && leave();
  const [arePreviewed, off] =
    location.protocol !== "file:" && "popover" in root && matchMedia("(hover:hover) and (pointer:fine)").matches
      ? turns("previews", "previews", close)
      : [];
  if (off) {
    ["pointerover", "focusin"].forEach((type) => addEventListener(type, enter));
    ["pointerout", "focusout"].forEach((type) => addEventListener(type, exit));
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !card) return;
      const isInside = card.contains(document.activeElement);
      close();
      if (isInside) link.focus();
    });
  }

  // The search, if the theme has one: a link to its page with `data-search`, whose `data-module` names a script. It is loaded when
  // somebody asks for it, and its function `open` gets the link. Where that fails, the link leads to the page.
  const search = (event) => {
    const it = document.querySelector("[data-search]");
    event.preventDefault();
    import(new URL(it.dataset.module, location)).then((module) => module.open(it)).catch(() => (location = it.href));
  };
  let hasKey;
  addEventListener("click", (event) => {
    const isPlain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (isPlain && event.target.closest?.("[data-search]")) search(event);
  });
  addEventListener("keydown", (event) => {
    if (!hasKey || event.target.closest?.("input,textarea,select,[contenteditable],dialog")) return;
    const held = event.ctrlKey || event.metaKey;
    if (event.altKey || event.defaultPrevented) return;
    if (held ? event.key === "k" : event.key === "/" && hasKey()) search(event);
  });

  // The next page is fetched when somebody is about to go there. The text is named in the policy by its digest.
  if (location.protocol !== "file:" && HTMLScriptElement.supports?.("speculationrules")) {
    document.head.append(make("script", { type: "speculationrules", textContent: '{"prefetch":[{"where":{"and":[{"href_matches":"/*"},{"not":{"href_matches":"/*.(json|xml)"}}]},"eagerness":"moderate"}]}' }));
  }

  const dress = () => {
    paint();
    if (document.querySelector("[data-search]")) hasKey ??= turns("the / key", "key")[0];
    if (!tools.isConnected) document.querySelector(".foot")?.append(tools);
    const box = navigator.clipboard && document.querySelector("[data-copies]");
    if (!box) return;
    copies.replaceChildren(...[...document.querySelectorAll("[data-copy]")].map(copy), said);
    box.querySelector("summary").after(copies);
  };
  addEventListener("rejoinder-changed", dress);
  dress();
})();
