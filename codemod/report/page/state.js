// What is shown, as the page's address has it: a link shows another reader the same.

const FACETS = [
  { key: "status", title: "Status", of: (finding) => [finding.status] },
  { key: "reason", title: "Why refused", of: (finding) => (finding.refusal ? [finding.refusal.reason] : []) },
  { key: "left", title: "Left over", of: (finding) => [...new Set(finding.remains.map((remain) => remain.reason))] },
  { key: "confidence", title: "Evidence", of: (finding) => [finding.confidence] },
  { key: "secret", title: "Secret", of: (finding) => [finding.secret] },
];
const PLAIN = ["view", "folder", "q", "sort", "open"];

function readState(hash) {
  const given = new URLSearchParams(hash.replace(/^#/u, ""));
  const state = Object.fromEntries(PLAIN.map((key) => [key, given.get(key) ?? ""]));
  for (const { key } of FACETS) state[key] = new Set(given.getAll(key));
  return state;
}

function hashOf(state) {
  const given = new URLSearchParams();
  for (const key of PLAIN) if (state[key]) given.set(key, state[key]);
  for (const { key } of FACETS) [...state[key]].sort().forEach((value) => given.append(key, value));
  return `#${given}`;
}

function isBelow(file, folder) {
  return !folder || file === folder || file.startsWith(`${folder}/`);
}

// the predicates of a state, by the key of what asks for them
function testsOf(state) {
  const words = state.q.toLowerCase().split(/\s+/u).filter(Boolean);
  const tests = {
    q: (finding) => words.every((word) => finding.haystack.includes(word)),
    folder: (finding) => isBelow(finding.dockerfile, state.folder),
  };
  for (const { key, of } of FACETS) {
    tests[key] = (finding) => state[key].size === 0 || of(finding).some((value) => state[key].has(value));
  }
  return tests;
}

// the findings that all tests but one let through: what a choice in that one would leave
function filtered(findings, tests, except = null) {
  const asked = Object.entries(tests).filter(([key]) => key !== except).map(([, test]) => test);
  return findings.filter((finding) => asked.every((test) => test(finding)));
}

function isFiltered(state) {
  return Boolean(state.q || state.folder || FACETS.some(({ key }) => state[key].size));
}
