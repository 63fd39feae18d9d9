// The other lists: what to rotate, the files that change, and what could not be read.

const MOST_LINKS = 60;

const FILES = {
  name: "files",
  title: "Files that change",
  columns: ["File", "Kind", "Lines", "Secrets"],
  key: (file) => file.path,
  cells: (file) => [
    path(file.path),
    make("span", { class: "muted" }, file.kind === "caller" ? "caller" : "Dockerfile"),
    make("span", { class: "numbers" }, make("span", { class: "plus" }, `+${file.added}`), " ", make("span", { class: "minus" }, `−${file.removed}`)),
    make("span", { class: "code" }, shown([...new Set(file.findings.map((finding) => finding.secret))].join(", "))),
  ],
  detail: (file) => [diffView(file), concerned(file.findings)],
};

const ROTATE = {
  name: "rotate",
  title: "Secrets to rotate",
  columns: ["Secret", "Why", "Places", "Rotated"],
  key: (secret) => `rotate ${secret.name}`,
  cells: (secret) => [
    make("span", { class: "code strong" }, shown(secret.name)),
    make("span", { class: `call ${secret.exposure}` }, EXPOSURES[secret.exposure][0]),
    make("span", { class: "numbers" }, plural(secret.findings.length, "place")),
    doneBox(secret),
  ],
  detail: (secret) => [make("p", {}, EXPOSURES[secret.exposure][1]), concerned(secret.findings)],
};

const ERRORS = {
  name: "errors",
  title: "Files that could not be read or written",
  columns: ["File", "What is wrong"],
  key: (error) => `${error.path}:${error.line}`,
  cells: (error) => [path(error.path, error.line), make("span", {}, shown(error.message))],
  detail: null,
};

function doneBox(secret) {
  const input = make("input", { type: "checkbox", "aria-label": `${secret.name} is rotated` });
  input.checked = model.rotated.has(secret.name);
  input.addEventListener("change", () => {
    if (input.checked) model.rotated.add(secret.name);
    else model.rotated.delete(secret.name);
    updateAbout();
  });
  return input;
}

// links to findings
function concerned(findings) {
  const rows = findings.slice(0, MOST_LINKS).map((finding) => {
    const link = make("a", { href: hashOf({ ...readState(""), open: finding.key }) }, make("span", { class: "code strong" }, shown(finding.secret)), " in ", path(finding.dockerfile, finding.line));
    return make("li", {}, badge(finding.status), link, finding.exposure ? make("span", { class: "muted" }, lowered(EXPOSURES[finding.exposure][0])) : null);
  });
  const more = findings.length - MOST_LINKS;
  return make("ul", { class: "concerned" }, rows, more > 0 ? make("li", { class: "muted" }, `and ${number(more)} more: filter the findings for them`) : null);
}

// each secret once, with the worst that is known of it; the worst first
function toRotate(findings) {
  const order = Object.keys(EXPOSURES);
  const rank = (finding) => order.indexOf(finding.exposure);
  const secrets = [...groupBy(findings.filter((finding) => finding.exposure), (finding) => finding.secret)].map(([name, group]) => {
    const sorted = [...group].sort((one, other) => rank(one) - rank(other));
    return { name, findings: sorted, exposure: sorted[0].exposure };
  });
  return secrets.sort((one, other) => order.indexOf(one.exposure) - order.indexOf(other.exposure) || other.findings.length - one.findings.length || (one.name < other.name ? -1 : 1));
}

function checklist(secrets) {
  return secrets.map((secret) => {
    const done = model.rotated.has(secret.name) ? "x" : " ";
    const files = [...new Set(secret.findings.map((finding) => finding.dockerfile))].join(", ");
    return `- [${done}] ${secret.name}: ${lowered(EXPOSURES[secret.exposure][0])} (${files})\n`;
  }).join("");
}
