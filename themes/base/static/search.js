// The search: a dialog on every page, and the same above the list of everything. Loaded when somebody asks for it.
const at = document.querySelector('[data-search]');
const inline = document.querySelector('[data-seek]');
const here = (path) => new URL('..' + path, import.meta.url).href;
const make = (tag, set, ...kids) => {
  const it = document.createElement(tag);
  for (const [name, value] of Object.entries(set)) it.setAttribute(name, value);
  it.append(...kids);
  return it;
};
const KINDS = ['Statements', 'Actors', 'Stories', 'Sources', 'Terms'];
const FACETS = { kind: 'Kind', actor: 'Who', stance: 'Stance', source: 'Source' };

let index;
const load = () => (index ??= (async () => {
  const it = (await import(here('/pagefind/pagefind.js'))).createInstance({ excerptLength: 45, excerptEllipsis: '…', ranking: { metaWeights: { title: 1 } } });
  await it.init();
  return it;
})().catch((error) => { index = 0; throw error; }));

const styled = inline || new Promise((done) => {
  const sheet = make('link', { rel: 'stylesheet', href: here(at.dataset.style) });
  sheet.onload = sheet.onerror = done;
  document.head.append(sheet);
});

// One result. What Pagefind marks it has escaped.
const item = ({ url, excerpt, content, meta: { title, note, lang } }, kind) => {
  const words = make('span', lang ? { lang, dir: 'auto' } : {});
  words.innerHTML = excerpt;
  const said = kind == KINDS[0];
  const line = [said && title, note].filter(Boolean).join(' · ');
  return make('li', said ? { class: 'said' } : {}, make('a', { href: url }, said ? words : title),
    line && make('span', { class: 'note' }, line), said || content == title ? '' : words);
};

const panel = () => {
  const input = make('input', { enterkeyhint: 'search', 'aria-label': 'Search the record', placeholder: 'Words, names, titles', autocomplete: 'off', spellcheck: 'false' });
  const facets = make('div', { class: 'facets' });
  const status = make('p', { role: 'status', class: 'note' });
  const found = make('div', { class: 'found' });
  const root = make('div', { role: 'search' }, input, facets, status, found);
  let turn = 0, timer;

  const run = async () => {
    const mine = ++turn, words = input.value.trim();
    const filters = Object.fromEntries([...facets.querySelectorAll('select')].map((it) => [it.name, it.value]).filter((it) => it[1]));
    const kinds = filters.kind ? [filters.kind] : KINDS;
    try {
      if (!facets.firstChild) await choices();
      const it = await load();
      const asked = words || Object.keys(filters).length;
      const lists = asked ? await Promise.all(kinds.map((kind) => it.search(words || null, { filters: { ...filters, kind } }))) : [];
      const groups = await Promise.all(lists.map(async ({ results }, n) => results.length ? make('section', {},
        make('h2', {}, kinds[n], ' ', make('small', {}, results.length)),
        make('ul', { class: 'finds' }, ...(await Promise.all(results.slice(0, filters.kind ? 50 : 6).map((it) => it.data()))).map((it) => item(it, kinds[n])))) : ''));
      if (mine != turn) return;
      found.replaceChildren(...groups);
      const count = lists.reduce((sum, it) => sum + it.results.length, 0);
      status.textContent = asked ? (count ? count + ' found' : 'Nothing found') : '';
    } catch {
      status.replaceChildren('The search could not be loaded. ', inline ? 'Everything is in the list below.' : make('a', { href: at.href }, 'Everything is in this list.'));
    }
  };

  const choices = async () => {
    const all = await (await load()).filters();
    if (facets.firstChild) return;
    for (const [name, label] of Object.entries(FACETS)) {
      const values = Object.entries(all[name] ?? {});
      if (values.length > 1) facets.append(make('label', {}, label, ' ', make('select', { name }, make('option', { value: '' }, 'any'),
        ...values.map(([value, count]) => make('option', { value }, `${value} (${count})`)))));
    }
  };

  input.oninput = () => { clearTimeout(timer); timer = setTimeout(run, 120); };
  facets.onchange = run;
  root.onkeydown = (event) => {
    const { key, target } = event, step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (target.matches('select')) return;
    if (step) {
      const links = [...found.querySelectorAll('a')];
      (links[links.indexOf(target) + step] ?? (step < 0 ? input : target)).focus();
      event.preventDefault();
    } else if (key == 'Enter' && target == input) {
      clearTimeout(timer);
      run().then(() => found.querySelector('a')?.click());
    } else if (key.length == 1 && key != ' ' && target.matches('.found a') && !event.ctrlKey && !event.metaKey && !event.altKey) input.focus();
  };
  root.start = () => { input.focus(); input.select(); run(); };
  return root;
};

let box;
if (inline) inline.append(box = panel());

export const open = async () => {
  await styled;
  if (inline) return box.start();
  if (!box) {
    box = panel();
    const close = make('button', { type: 'button', class: 'close' }, 'Close');
    const dialog = make('dialog', { class: 'seek', 'aria-label': 'Search' }, box, close);
    close.onclick = () => dialog.close();
    // Beside the dialog. What a handler gives back must not be `false`.
    dialog.onclick = (event) => { if (event.target == dialog) dialog.close(); };
    document.body.append(dialog);
  }
  box.parentNode.showModal();
  box.start();
};
