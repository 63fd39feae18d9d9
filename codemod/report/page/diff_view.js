// A diff as a table: side by side, or one below the other where there is no room.

const NARROW = matchMedia("(max-width: 800px)");
const SIGNS = { " ": "", "-": "−", "+": "+" };
const KINDS = { " ": "same", "-": "removed", "+": "added" };

function diffView(file) {
  const diff = parseDiff(file.diff);
  const head = make("div", { class: "diff-head" },
    make("h4", {}, path(file.path)),
    make("span", { class: "numbers" }, make("span", { class: "plus" }, `+${diff.added}`), " ", make("span", { class: "minus" }, `−${diff.removed}`)),
    diff.isCrlf ? make("span", { class: "tag" }, "CRLF") : null,
    file.written ? make("span", { class: "tag" }, "written") : null,
    file.redacted ? make("span", { class: "tag" }, "… stands for a credential") : null);
  return make("section", { class: "diff", "aria-label": `Changes of ${file.path}` }, head, NARROW.matches ? unified(diff, file) : sideBySide(diff, file));
}

function sideBySide(diff, file) {
  const rows = diff.hunks.flatMap((hunk, index) => [
    ...(index ? [gap(4)] : []),
    ...rowsOf(hunk).map(([before, after]) => make("tr", {}, cells(before, "before"), cells(after, "after"))),
  ]);
  return table(file, ["Line before", "Before", "Line after", "After"], ["number", "text", "number", "text"], rows, "side-by-side");
}

function unified(diff, file) {
  const rows = diff.hunks.flatMap((hunk, index) => {
    rowsOf(hunk); // which marks the words
    return [...(index ? [gap(3)] : []), ...hunk.lines.map((line) => make("tr", {}, numberCell(line.before), numberCell(line.after), textCell(line)))];
  });
  return table(file, ["Line before", "Line after", "Text"], ["number", "number", "text"], rows, "unified");
}

function table(file, names, kinds, rows, layout) {
  return make("table", { class: `lines ${layout}` },
    make("caption", { class: "unseen-label" }, `Lines of ${file.path} before and after`),
    make("colgroup", {}, kinds.map((kind) => make("col", { class: kind }))),
    make("thead", { class: "unseen-label" }, make("tr", {}, names.map((name) => make("th", { scope: "col" }, name)))),
    make("tbody", {}, rows));
}

function gap(columns) {
  return make("tr", { class: "gap" }, make("td", { colspan: columns }, "⋯"));
}

function cells(line, side) {
  if (line === null) return [make("td", { class: "number none" }), make("td", { class: "none" })];
  return [numberCell(line[side], KINDS[line.sign]), textCell(line)];
}

// numbers and signs are no part of what is copied
function numberCell(value, kind = "same") {
  return make("td", { class: `number ${kind}`, "data-number": value ?? "" });
}

function textCell(line) {
  const parts = line.parts ?? [{ text: line.text, isChanged: false }];
  const tag = line.sign === "-" ? "del" : "ins";
  return make("td", { class: KINDS[line.sign], "data-sign": SIGNS[line.sign] },
    parts.map((part) => (part.isChanged ? make(tag, {}, shown(part.text)) : shown(part.text))),
    line.isUnended ? make("span", { class: "unseen", title: "no newline at the end of the file" }, "no newline") : null);
}
