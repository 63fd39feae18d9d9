// A unified diff → rows of before and after, with the words that differ.

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/u;
const WORDS = /\w+|\s+|[^\w\s]/gu;
const MOST_WORDS = 400;
const MOST_PAIRS = 2500;
const ALIKE = 0.45;

function parseDiff(text) {
  const lines = text.split("\n");
  const hunks = [];
  for (let at = 0; at < lines.length; at += 1) {
    const match = HUNK.exec(lines[at]);
    if (match) {
      const hunk = readHunk(lines, at + 1, match);
      hunks.push(hunk);
      at = hunk.end - 1;
    }
  }
  const all = hunks.flatMap((hunk) => hunk.lines);
  const isCrlf = all.length > 0 && all.every((line) => line.text.endsWith("\r"));
  if (isCrlf) all.forEach((line) => { line.text = line.text.slice(0, -1); });
  return { hunks, isCrlf, added: all.filter((line) => line.sign === "+").length, removed: all.filter((line) => line.sign === "-").length };
}

// by its counts: a line may look like a header
function readHunk(lines, start, [, oldFirst, oldCount = "1", newFirst, newCount = "1"]) {
  let [before, after] = [Number(oldFirst), Number(newFirst)];
  const [beforeEnd, afterEnd] = [before + Number(oldCount), after + Number(newCount)];
  const found = [];
  let at = start;
  for (; at < lines.length && (before < beforeEnd || after < afterEnd || lines[at].startsWith("\\")); at += 1) {
    const sign = lines[at][0];
    if (sign === "\\") {
      found.at(-1).isUnended = true;
      continue;
    }
    found.push({ sign, text: lines[at].slice(1), before: sign === "+" ? null : before, after: sign === "-" ? null : after });
    before += sign === "+" ? 0 : 1;
    after += sign === "-" ? 0 : 1;
  }
  return { lines: found, end: at, first: Number(newFirst) };
}

// rows of [before, after]; either may be null, and what is changed has its parts
function rowsOf(hunk) {
  const rows = [];
  let [removed, added] = [[], []];
  const flush = () => {
    rows.push(...paired(removed, added));
    [removed, added] = [[], []];
  };
  for (const line of hunk.lines) {
    if (line.sign === "-") {
      if (added.length) flush();
      removed.push(line);
    } else if (line.sign === "+") added.push(line);
    else {
      flush();
      rows.push([line, line]);
    }
  }
  flush();
  return rows;
}

function paired(removed, added) {
  const rows = [];
  let [left, right] = [0, 0];
  const upTo = (leftEnd, rightEnd) => {
    for (; left < leftEnd || right < rightEnd; left += 1, right += 1) {
      rows.push([left < leftEnd ? removed[left] : null, right < rightEnd ? added[right] : null]);
    }
    [left, right] = [leftEnd, rightEnd];
  };
  for (const [from, to] of alikes(removed, added)) {
    upTo(from, to);
    mark(removed[from], added[to]);
    rows.push([removed[from], added[to]]);
    [left, right] = [from + 1, to + 1];
  }
  upTo(removed.length, added.length);
  return rows;
}

// the pairs of lines, in order, that have most in common
function alikes(removed, added) {
  if (removed.length * added.length > MOST_PAIRS) return [];
  const likeness = removed.map((one) => added.map((other) => {
    const score = alike(one.text, other.text);
    return score >= ALIKE ? score : 0;
  }));
  return way(removed.length, added.length, (i, j) => likeness[i][j]);
}

function alike(one, other) {
  const [left, right] = [one.match(WORDS) ?? [], other.match(WORDS) ?? []];
  if (left.length > MOST_WORDS || right.length > MOST_WORDS) return 0;
  const weight = (words) => words.reduce((sum, word) => sum + word.trim().length, 0);
  const common = way(left.length, right.length, (i, j) => (left[i] === right[j] ? Math.max(left[i].trim().length, 0.1) : 0));
  const all = weight(left) + weight(right);
  return all ? (2 * weight(common.map(([i]) => left[i]))) / all : 0;
}

// the heaviest way through two sequences: [[i, j], …], both growing
function way(height, width, weigh) {
  const best = Array.from({ length: height + 1 }, () => new Float64Array(width + 1));
  for (let i = height - 1; i >= 0; i -= 1) {
    for (let j = width - 1; j >= 0; j -= 1) {
      const weight = weigh(i, j);
      best[i][j] = Math.max(best[i + 1][j], best[i][j + 1], weight ? weight + best[i + 1][j + 1] : 0);
    }
  }
  const found = [];
  for (let i = 0, j = 0; i < height && j < width;) {
    const weight = weigh(i, j);
    if (weight && best[i][j] === weight + best[i + 1][j + 1]) {
      found.push([i, j]);
      i += 1;
      j += 1;
    } else if (best[i][j] === best[i + 1][j]) i += 1;
    else j += 1;
  }
  return found;
}

function mark(before, after) {
  const [left, right] = [before.text.match(WORDS) ?? [], after.text.match(WORDS) ?? []];
  const common = way(left.length, right.length, (i, j) => (left[i] === right[j] ? Math.max(left[i].trim().length, 0.1) : 0));
  before.parts = partsOf(left, new Set(common.map(([i]) => i)));
  after.parts = partsOf(right, new Set(common.map(([, j]) => j)));
}

// words that stay and words that differ, each run of them as one
function partsOf(words, kept) {
  const parts = [];
  words.forEach((word, at) => {
    const isChanged = !kept.has(at);
    if (parts.length && parts.at(-1).isChanged === isChanged) parts.at(-1).text += word;
    else parts.push({ text: word, isChanged });
  });
  return parts;
}
