// The list of findings: a secret in a Dockerfile, what becomes of it, and why.

const EXPOSURES = {
  file: ["In the repository", "The credential itself stands in a file: everyone who has the repository or its history has it."],
  image: ["Stays in the image", "Each image that is built keeps a copy: rotating helps only once that is mended."],
  open: ["Still passed as before", "Nothing has changed yet: each build puts the value into an image, a log or its provenance again. Mend it, then rotate."],
  history: ["In images built so far", "With the change new builds leave it nowhere. The images, provenance and logs of old builds still have it."],
};
const HOW = {
  shell: "by the shell", heredoc: "in a heredoc", exec: "in exec form", environment: "by a tool that reads its environment",
  implicit: "by a child shell, a script or a file", broad: "maybe: nothing shows it, and a command could",
};
const CALLS = {
  rewritten: (finding) => (finding.written ? "passes the secret now" : "is made to pass the secret"),
  reported: () => "has to be changed by hand",
  blocking: () => "cannot pass a secret",
  irrelevant: () => "stays as it is",
};

const FEW_ROWS = 4;

const FINDINGS = {
  name: "findings",
  title: "Findings",
  columns: ["Secret", "Dockerfile", "Status", "What comes of it", "Evidence"],
  key: (finding) => finding.key,
  cells: (finding) => [
    make("span", { class: "code strong" }, shown(finding.secret)),
    path(finding.dockerfile, finding.line),
    badge(finding.status),
    make("span", { class: "outcome" }, outcomeOf(finding), finding.remains.length ? make("span", { class: "tag alarm" }, plural(finding.remains.length, "copy", "copies"), " left") : null),
    make("span", { class: "muted" }, finding.confidence),
  ],
  detail: (finding) => findingDetail(finding),
};
const SORTS = {
  "": ["folder", (finding) => [finding.dockerfile, finding.line]],
  secret: ["secret", (finding) => [finding.secret, finding.dockerfile, finding.line]],
  status: ["status", (finding) => [STATUSES.indexOf(finding.status), finding.refusal?.reason ?? "", finding.dockerfile, finding.line]],
  evidence: ["evidence", (finding) => [-finding.weight, finding.dockerfile, finding.line]],
  left: ["copies left", (finding) => [-finding.remains.length, finding.dockerfile, finding.line]],
};

function outcomeOf(finding) {
  if (finding.refusal) return make("span", { class: "code" }, finding.refusal.reason);
  if (finding.status === "rewritten") return changeOf(finding);
  return shown(finding.warnings[0] ?? finding.evidence[0]?.detail ?? "");
}

function changeOf(finding) {
  const { mounts, id, secret, calls } = finding;
  const moved = calls.filter((call) => call.status === "rewritten").length;
  const callers = moved ? `, ${plural(moved, "call")} with it` : "";
  if (!mounts.length) return `its ARG goes${callers}`;
  return make("span", {}, `mounted for ${plural(mounts.length, "RUN")}`, id === secret ? null : [" as ", make("span", { class: "code" }, shown(id))], callers);
}

// the change, then why, then what goes with it
function findingDetail(finding) {
  const blocks = [evidenceOf(finding), placesOf(finding), callersOf(finding), commandsOf(finding)];
  const [change, ...others] = changesOf(finding);
  return [verdictOf(finding), change, make("div", { class: "blocks" }, blocks), others];
}

function block(title, ...content) {
  return make("section", { class: "block" }, make("h3", {}, title), ...content);
}

// what a reader has to know before anything else
function verdictOf(finding) {
  const { refusal, remains, warnings, exposure } = finding;
  return make("div", { class: "verdict" },
    refusal ? note("refused", `Refused: ${refusal.reason}`, [make("span", { class: "where" }, `line ${refusal.line}`), " ", ...shown(refusal.detail)],
      make("p", { class: "hint" }, make("strong", {}, "What to do: "), shown(refusal.hint)),
      command(`dockerfix explain ${refusal.reason}`, "the command that explains it")) : null,
    remains.length ? note("leak", remains.length === 1 ? "The image keeps a copy" : `The image keeps ${remains.length} copies`,
      make("ul", {}, remains.map((remain) => make("li", {}, make("span", { class: "where" }, `line ${remain.line}`), " ", make("span", { class: "tag alarm" }, remain.reason), " ", shown(remain.detail))))) : null,
    exposure ? note(exposure === "history" ? "rotate" : "leak", `Rotate it: ${lowered(EXPOSURES[exposure][0])}`, EXPOSURES[exposure][1]) : null,
    warnings.map((warning) => note("said", "Note", shown(warning))));
}

function lowered(text) {
  return text[0].toLowerCase() + text.slice(1);
}

function note(kind, title, ...content) {
  return make("div", { class: `note ${kind}` }, make("strong", {}, title), make("div", {}, ...content));
}

function evidenceOf(finding) {
  const rows = finding.evidence.map((item) => make("li", {},
    make("span", { class: `weight ${item.weight < 0 ? "against" : "for"}`, title: item.weight < 0 ? "speaks against it" : "speaks for it" }, `${item.weight < 0 ? "−" : "+"}${Math.abs(item.weight)}`),
    make("span", {}, make("span", { class: "where" }, `line ${item.line}`), " ", shown(item.detail), make("span", { class: "muted" }, ` (${item.kind})`))));
  return block(["Evidence ", make("span", { class: "muted" }, `${finding.confidence}, ${finding.weight} in all`)], make("ul", { class: "evidence" }, rows));
}

function placesOf(finding) {
  const stage = (index) => (index === null ? "" : ` in stage ${index}`);
  const rows = [
    ...finding.declared.map((each) => ["declared", each.line, `${each.instruction}${stage(each.stage)}`]),
    ...finding.uses.map((each) => ["read", each.line, `${HOW[each.how] ?? each.how}${stage(each.stage)}`]),
    ...finding.mounts.map((each) => ["mounted", each.line, each.style === "env" ? "as a variable" : "as a file"]),
  ];
  return block("In the Dockerfile", make("ul", { class: "places" }, rows.map(([what, line, how]) => make("li", {}, make("span", { class: "muted" }, what), make("span", { class: "where" }, `line ${line}`), make("span", {}, how)))));
}

function callersOf(finding) {
  const { calls, mentions, mentioned } = finding;
  if (!calls.length && !mentioned) return null;
  const rows = calls.map((call) => make("li", { class: call.status },
    path(call.path, call.line), make("div", { class: "muted" }, call.kind, ": ", make("span", { class: `call ${call.status}` }, CALLS[call.status](finding))),
    call.why ? make("div", {}, shown(call.why)) : null,
    call.suggestion ? command(call.suggestion, `the text for ${call.path}`) : null,
    call.notes.map((each) => make("div", { class: "muted" }, shown(each)))));
  const more = mentioned - mentions.length;
  const also = mentioned ? make("details", { class: "muted" },
    make("summary", {}, `Its name also stands in ${plural(mentioned, "place")} that stay as they are`),
    make("ul", {}, mentions.map((each) => make("li", {}, shown(each))), more ? make("li", {}, `and ${number(more)} more, which the JSON has`) : null)) : null;
  return block("Callers", folded(rows, (some) => make("ul", { class: "calls" }, some)), also);
}

function commandsOf(finding) {
  const commands = finding.status === "rewritten" ? model.commands.get(finding.dockerfile) ?? [] : [];
  if (!commands.length) return null;
  const rows = commands.map((each) => make("div", { class: "build" },
    command(each.text, "the build command"),
    each.from ? make("p", { class: "from" }, "from ", shown(each.from)) : null));
  const section = block("Build it with", folded(rows, (some) => make("div", {}, some)));
  section.classList.add("whole");
  return section;
}

// the first of many, and the others behind a click
function folded(rows, boxOf) {
  if (rows.length <= FEW_ROWS + 1) return rows.length ? boxOf(rows) : null;
  return [boxOf(rows.slice(0, FEW_ROWS)), make("details", {}, make("summary", {}, `${rows.length - FEW_ROWS} more`), boxOf(rows.slice(FEW_ROWS)))];
}

function command(text, what) {
  return make("div", { class: "command" }, make("code", { tabindex: "0", role: "group", "aria-label": what }, shown(text)), copyButton(() => text, what));
}

// the Dockerfile's diff, and those of the callers that go along
function changesOf(finding) {
  if (finding.status !== "rewritten") return [];
  const paths = new Set([finding.dockerfile, ...finding.calls.filter((call) => call.status === "rewritten").map((call) => call.path)]);
  return [...paths].map((each) => model.files.get(each)).filter(Boolean).map(diffView);
}
