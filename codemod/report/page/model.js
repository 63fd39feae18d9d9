// What dockerfix found, with what the lists ask of it made once.

function readModel(data) {
  const files = new Map(data.files.map((file) => [file.path, { ...file, findings: [] }]));
  const commands = groupBy(data.commands, (command) => command.dockerfile);
  const findings = data.findings.map((finding) => completed(finding, files.get(finding.dockerfile)));
  for (const finding of findings.filter((each) => each.status === "rewritten")) {
    const paths = new Set([finding.dockerfile, ...finding.calls.filter((call) => call.status === "rewritten").map((call) => call.path)]);
    for (const each of paths) files.get(each)?.findings.push(finding);
  }
  return { findings, files, commands, errors: data.errors, rotated: new Set(), orders: new Map() };
}

function completed(finding, file) {
  const line = finding.declared[0]?.line ?? 1;
  const { refusal } = finding;
  const words = [finding.dockerfile, finding.secret, finding.id, finding.status, refusal?.reason, refusal?.detail,
    ...finding.calls.flatMap((call) => [call.path, call.why]), ...finding.remains.flatMap((remain) => [remain.reason, remain.detail]),
    ...finding.evidence.map((item) => item.detail), ...finding.warnings];
  return {
    ...finding,
    line,
    key: `${finding.dockerfile}:${line}:${finding.secret}${finding.ordinal ? `:${finding.ordinal}` : ""}`,
    weight: finding.evidence.reduce((sum, item) => sum + item.weight, 0),
    written: file?.written ?? false,
    values: Object.fromEntries(FACETS.map(({ key, of }) => [key, of(finding)])),
    haystack: words.filter(Boolean).join("\n").toLowerCase(),
  };
}

// an address may hold any word
function knownSort(sort) {
  return Object.hasOwn(SORTS, sort) ? sort : "";
}

// all findings in an order, made once
function inOrder(model, sort) {
  const [, key] = SORTS[knownSort(sort)];
  if (!model.orders.has(key)) {
    const keyed = model.findings.map((finding) => [key(finding), finding]);
    model.orders.set(key, keyed.sort(([one], [other]) => compare(one, other)).map(([, finding]) => finding));
  }
  return model.orders.get(key);
}

// like arrays of numbers and texts are ordered in Python
function compare(one, other) {
  for (let at = 0; at < one.length; at += 1) {
    if (one[at] !== other[at]) return one[at] < other[at] ? -1 : 1;
  }
  return 0;
}
