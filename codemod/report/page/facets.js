// The filters at the side: each value with how many it would leave.

const FEW_VALUES = 8;
const MOST_VALUES = 60;
const STATUSES = ["rewritten", "refused", "reported", "ignored"];

class Facets {
  constructor(box, findings, onChange) {
    this.findings = findings;
    this.onChange = onChange;
    this.folders = make("ul", { class: "values" });
    this.crumbs = make("nav", { class: "crumbs", "aria-label": "Folder" });
    this.boxes = FACETS.map((facet) => this.box(facet));
    const folder = make("details", { class: "facet", open: true }, make("summary", {}, "Folder"), this.crumbs, this.folders);
    box.append(this.boxes[0].element, this.boxes[1].element, folder, ...this.boxes.slice(2).map((each) => each.element));
  }

  box(facet) {
    const list = make("ul", { class: "values" });
    const element = make("details", { class: "facet", open: facet.key !== "confidence" }, make("summary", {}, facet.title), list);
    const all = [...this.counted(this.findings, facet)].sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1));
    return { facet, list, element, all, rows: new Map() };
  }

  counted(findings, facet) {
    return counted(findings, (finding) => finding.values[facet.key]);
  }

  // `left` are the findings that all filters leave: most filters are off, and need no other
  update(state, tests, left) {
    const without = (key) => (key in tests ? filtered(this.findings, tests, key) : left);
    for (const box of this.boxes) this.updateBox(box, state, this.counted(without(box.facet.key), box.facet));
    this.updateFolders(state, without("folder"));
  }

  updateBox(box, state, counts) {
    const { facet, list, rows, all } = box;
    const values = new Set([...all.map(([value]) => value).slice(0, MOST_VALUES), ...state[facet.key]]);
    const most = Math.max(1, ...counts.values());
    for (const value of values) {
      if (!rows.has(value)) rows.set(value, this.row(facet, value));
      const row = rows.get(value);
      row.update(counts.get(value) ?? 0, state[facet.key].has(value), most);
      if (!row.element.isConnected) list.append(row.element);
    }
    const hidden = all.length - MOST_VALUES;
    if (!box.more) list.after((box.more = this.moreOf(list, values.size, hidden)));
    box.element.hidden = all.length === 0;
  }

  // a long list is short at first
  moreOf(list, count, hidden) {
    const rest = hidden > 0 ? make("p", { class: "more" }, `${plural(hidden, "other")}: search for them`) : null;
    if (count <= FEW_VALUES) return make("div", {}, rest);
    list.classList.add("short");
    const button = make("button", { type: "button", class: "crumb", "aria-expanded": "false" }, `${count - FEW_VALUES} more`);
    button.addEventListener("click", () => {
      const isShort = list.classList.toggle("short");
      button.setAttribute("aria-expanded", String(!isShort));
      button.textContent = isShort ? `${count - FEW_VALUES} more` : "fewer";
    });
    return make("div", { class: "more" }, button, rest);
  }

  row(facet, value) {
    const input = make("input", { type: "checkbox" });
    input.addEventListener("change", () => this.onChange(facet.key, value, input.checked));
    const count = make("span", { class: "count" });
    const name = make("span", { class: facet.key === "secret" ? "value code" : "value" }, facet.key === "status" ? icon(value) : null, shown(value));
    const element = make("li", {}, make("label", {}, input, name, count));
    const update = (found, isChosen, most) => {
      count.textContent = number(found);
      input.checked = isChosen;
      element.classList.toggle("empty", found === 0);
      element.style.setProperty("--share", `${(100 * found) / most}%`);
    };
    return { element, update };
  }

  updateFolders(state, findings) {
    const base = state.folder || commonFolder(this.findings);
    const inside = findings.filter((finding) => isBelow(finding.dockerfile, base));
    const groups = [...groupBy(inside, (finding) => childOf(finding.dockerfile, base))].sort(([one], [other]) => (one < other ? -1 : 1));
    const had = this.crumbs.contains(document.activeElement) || this.folders.contains(document.activeElement);
    this.crumbs.replaceChildren(...this.crumbsOf(state.folder));
    const most = Math.max(1, ...groups.map(([, group]) => group.length));
    this.folders.replaceChildren(...groups.filter(([child]) => child !== base).slice(0, MOST_VALUES).map(([child, group]) => this.folder(child, base, group, most)));
    if (had) (this.crumbs.lastElementChild ?? this.folders.querySelector("button"))?.focus();
    if (groups.length > MOST_VALUES) this.folders.append(make("li", { class: "more" }, `${plural(groups.length - MOST_VALUES, "other")}: search for them`));
  }

  crumbsOf(folder) {
    if (!folder) return [];
    const parts = folder.split("/");
    const crumbs = parts.map((part, index) => [part, parts.slice(0, index + 1).join("/")]);
    return [["all", ""], ...crumbs].flatMap(([name, target], index) => {
      const isLast = target === folder;
      const button = make("button", { type: "button", class: "crumb", "aria-current": isLast ? "true" : null }, shown(name));
      button.addEventListener("click", () => this.onChange("folder", target, true));
      return index ? ["/", button] : [button];
    });
  }

  folder(child, base, group, most) {
    const name = base ? child.slice(base.length + 1) : child;
    const isFolder = group.some((finding) => finding.dockerfile !== child);
    const counts = counted(group, (finding) => [finding.status]);
    const said = STATUSES.filter((status) => counts.has(status)).map((status) => `${counts.get(status)} ${status}`).join(", ");
    const button = make("button", { type: "button", class: "folder-value", title: said },
      make("span", { class: "value code" }, shown(name), isFolder ? "/" : ""),
      make("span", { class: "count" }, number(group.length)),
      stack(counts, group.length / most));
    button.addEventListener("click", () => this.onChange("folder", child, true));
    return make("li", {}, button);
  }
}

// how a number is made up of statuses, as a bar
function stack(counts, share) {
  const bar = make("span", { class: "stack", "aria-hidden": "true" });
  bar.style.inlineSize = `${100 * share}%`;
  for (const status of STATUSES.filter((each) => counts.has(each))) {
    const part = make("span", { class: status });
    part.style.flexGrow = counts.get(status);
    bar.append(part);
  }
  return bar;
}

function counted(findings, of) {
  const counts = new Map();
  for (const finding of findings) {
    for (const value of of(finding)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

function childOf(file, folder) {
  const end = file.indexOf("/", folder ? folder.length + 1 : 0);
  return end < 0 ? file : file.slice(0, end);
}

// the folder that all are in
function commonFolder(findings) {
  let common = null;
  for (const finding of findings) {
    const parts = finding.dockerfile.split("/").slice(0, -1);
    const same = common === null ? parts.length : common.findIndex((part, index) => part !== parts[index]);
    common = common === null ? parts : common.slice(0, same < 0 ? common.length : same);
  }
  return (common ?? []).join("/");
}
