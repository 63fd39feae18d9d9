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

// the predicates of a state, by the key of what asks for them; nothing asked, no predicate
function testsOf(state) {
  const words = state.q.toLowerCase().split(/\s+/u).filter(Boolean);
  const tests = {};
  if (words.length) tests.q = (finding) => words.every((word) => finding.haystack.includes(word));
  if (state.folder) tests.folder = (finding) => isBelow(finding.dockerfile, state.folder);
  for (const { key } of FACETS.filter((facet) => state[facet.key].size)) {
    tests[key] = (finding) => finding.values[key].some((value) => state[key].has(value));
  }
  return tests;
}

// the findings that all tests but one let through: what a choice in that one would leave
function filtered(findings, tests, except = null) {
  const asked = Object.entries(tests).filter(([key]) => key !== except).map(([, test]) => test);
  return asked.length ? findings.filter((finding) => asked.every((test) => test(finding))) : findings;
}

function isFiltered(state) {
  return Boolean(state.q || state.folder || FACETS.some(({ key }) => state[key].size));
}
