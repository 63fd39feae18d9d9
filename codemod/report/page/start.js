// Everything put together: the address says what is shown, and what is done changes the address.

const byId = (id) => document.getElementById(id);
const model = readModel(JSON.parse(byId("data").textContent));
let state = readState(location.hash);
const listing = new Listing(byId("list"), (key) => { set({ open: key }, { anew: false }); });
const facets = new Facets(byId("facets"), model.findings, choose);

const VIEWS = [
  ["", FINDINGS, (findings) => findings],
  ["rotate", ROTATE, (findings) => toRotate(findings)],
  ["files", FILES, (findings) => filesOf(findings)],
  ["errors", ERRORS, () => model.errors.filter((error) => isBelow(error.path, state.folder))],
];

function filesOf(findings) {
  const chosen = new Set(findings);
  const all = [...model.files.values()].filter((file) => (file.findings.length ? file.findings.some((finding) => chosen.has(finding)) : !isFiltered(state)));
  return all;
}

function choose(key, value, isChosen) {
  if (key === "folder") return set({ folder: value });
  const values = new Set(state[key]);
  if (isChosen) values.add(value);
  else values.delete(value);
  return set({ [key]: values });
}

function set(change, { anew = true } = {}) {
  state = { ...state, ...change };
  history.replaceState(null, "", hashOf(state));
  if (anew) render();
}

let items = [];

function render() {
  const tests = testsOf(state);
  const findings = filtered(inOrder(model, state.sort), tests);
  const [, view, of] = VIEWS.find(([name]) => name === state.view) ?? VIEWS[0];
  items = of(findings);
  facets.update(state, tests, findings);
  listing.show(view, items);
  renderViews(findings);
  renderActive();
  byId("search").value = state.q;
  byId("sort").value = knownSort(state.sort);
  byId("sort").parentElement.hidden = view !== FINDINGS;
  byId("open-all").hidden = !view.detail || !items.length;
  byId("open-all").textContent = "Open all";
  byId("count").textContent = countOf(view, findings);
  updateAbout();
  if (!items.length) byId("list").append(make("p", { class: "nothing" }, isFiltered(state) ? "Nothing matches these filters." : "There is nothing here."));
}

function countOf(view, findings) {
  if (view !== FINDINGS) return plural(items.length, { rotate: "secret", files: "file", errors: "error" }[view.name]);
  return findings.length === model.findings.length ? plural(findings.length, "finding") : `${number(findings.length)} of ${plural(model.findings.length, "finding")}`;
}

function renderViews(findings) {
  const buttons = VIEWS.filter(([, view]) => view !== ERRORS || model.errors.length).map(([name, view, of]) => {
    const isCurrent = view === listing.view;
    const button = make("button", { type: "button", class: "view", "aria-current": isCurrent ? "page" : null }, view === FILES ? "Files" : view === ROTATE ? "Rotate" : view === ERRORS ? "Errors" : "Findings",
      " ", make("span", { class: "count" }, number(of(findings).length)));
    button.addEventListener("click", () => { set({ view: name, open: "" }); byId("views").children[buttons.indexOf(button)]?.focus(); });
    return button;
  });
  byId("views").replaceChildren(...buttons);
}

// the filters that are on, each to be taken off
function renderActive() {
  const on = FACETS.flatMap(({ key, title }) => [...state[key]].map((value) => [`${title}: `, value, () => choose(key, value, false)]));
  if (state.folder) on.unshift(["Folder: ", state.folder, () => set({ folder: "" })]);
  if (state.q) on.push(["Search: ", state.q, () => set({ q: "" })]);
  const buttons = on.map(([title, value, off]) => {
    const button = make("button", { type: "button", class: "chip", "aria-label": `Take off the filter ${title}${value}` }, make("span", { class: "muted" }, title), shown(value), make("span", { "aria-hidden": "true", class: "cross" }, "×"));
    button.addEventListener("click", () => { off(); (byId("active").querySelector("button") ?? byId("search")).focus(); });
    return button;
  });
  if (buttons.length > 1) buttons.push(make("button", { type: "button", class: "plain", onclick: () => { clear(); byId("search").focus(); } }, "Clear all"));
  byId("active").replaceChildren(...buttons);
  byId("filter-count").textContent = on.length ? `(${on.length})` : "";
}

function clear() {
  set({ ...readState(""), view: state.view, sort: state.sort });
}

// what there is to know about a list as a whole
function updateAbout() {
  const about = byId("about");
  about.replaceChildren();
  if (listing.view !== ROTATE || !items.length) return;
  const done = items.filter((secret) => model.rotated.has(secret.name)).length;
  about.append(
    make("p", {}, "Moving a secret closes the door; only a new value makes the old one worthless. The worst come first. ",
      make("strong", {}, `${done} of ${plural(items.length, "secret")} rotated`), make("span", { class: "muted" }, " (your ticks are gone when the page is closed: copy the list to keep them)")),
    copyButton(() => checklist(items), "the list, as tasks in Markdown"));
}

const KEYS = [
  ["/", "search", () => byId("search").focus()],
  ["j", "next", () => listing.move(1)],
  ["k", "previous", () => listing.move(-1)],
  ["o", "open or close (Enter as well)", () => { if ((listing.focused() ?? listing.current) >= 0 && listing.view.detail) listing.switch(listing.focused() ?? listing.current); }],
  ["c", "copy the build command of an open finding", () => document.activeElement?.closest(".row, .detail-row")?.parentElement && copyOfCurrent()],
  ["1", "findings", () => set({ view: "", open: "" })],
  ["2", "what to rotate", () => set({ view: "rotate", open: "" })],
  ["3", "files", () => set({ view: "files", open: "" })],
  ["x", "take off all filters", clear],
  ["t", "theme", () => byId("theme").click()],
  ["?", "these keys", () => byId("help").showModal()],
];

function copyOfCurrent() {
  const index = listing.focused();
  const row = index === null ? null : listing.rowAt(index);
  row?.nextElementSibling?.querySelector("[aria-label='Copy the build command']")?.click();
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const isTyping = event.target.closest("input[type=search], select, textarea");
  if (event.key === "Escape" && event.target === byId("search")) return byId("search").blur();
  if (isTyping || !byId("keys-on").checked) return;
  const found = KEYS.find(([key]) => key === event.key);
  if (!found) return;
  event.preventDefault();
  found[2]();
}

const THEMES = { automatic: "light dark", light: "light", dark: "dark" };

function nextTheme() {
  const names = Object.keys(THEMES);
  const name = names[(names.indexOf(byId("theme-name").textContent) + 1) % names.length];
  byId("theme-name").textContent = name;
  document.documentElement.style.colorScheme = THEMES[name];
}

function start() {
  byId("app").hidden = false;
  byId("tools").hidden = false;
  byId("filter-box").open = !NARROW.matches;
  byId("sort").append(...Object.entries(SORTS).map(([value, [name]]) => make("option", { value }, name)));
  byId("keys").append(...KEYS.flatMap(([key, what]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, what)]));
  byId("search").addEventListener("input", (event) => set({ q: event.target.value }));
  byId("sort").addEventListener("change", (event) => set({ sort: event.target.value }));
  byId("open-all").addEventListener("click", () => {
    const isOpening = byId("open-all").textContent === "Open all";
    listing.openAll(isOpening);
    byId("open-all").textContent = isOpening ? "Close all" : "Open all";
  });
  byId("theme").addEventListener("click", nextTheme);
  byId("help-button").addEventListener("click", () => byId("help").showModal());
  byId("skip").addEventListener("click", (event) => { event.preventDefault(); byId("list").focus(); });
  document.addEventListener("keydown", pressed);
  addEventListener("hashchange", () => { state = readState(location.hash); render(); listing.goToKey(state.open); });
  render();
  if (state.open) listing.goToKey(state.open);
}

start();
