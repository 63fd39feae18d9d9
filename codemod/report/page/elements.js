// Elements, made without markup: whatever a file says stays text.

// what nobody would see, or would see elsewhere: controls, marks of direction, no width, bytes that are no UTF-8
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\ud800-\udfff]/u;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

// the text as nodes: what could mislead a reader stands there by its number
function shown(text) {
  const nodes = [];
  let rest = String(text);
  for (let match = UNSEEN.exec(rest); match; match = UNSEEN.exec(rest)) {
    nodes.push(rest.slice(0, match.index), make("span", { class: "unseen", title: "a character that is not seen" }, nameOf(match[0])));
    rest = rest.slice(match.index + match[0].length);
  }
  return [...nodes, rest].filter((node) => node !== "");
}

function nameOf(character) {
  const code = character.codePointAt(0);
  const hexadecimal = code.toString(16).toUpperCase();
  // a byte that is no UTF-8, as Python reads it
  return code >= 0xdc80 && code <= 0xdcff ? `\\x${hexadecimal.slice(2)}` : `U+${hexadecimal.padStart(4, "0")}`;
}

// a path may break behind each slash
function path(text, line = null) {
  const cut = text.lastIndexOf("/") + 1;
  const folder = text.slice(0, cut).split(/(?<=\/)/u);
  return make("span", { class: "path" },
    make("span", { class: "folder" }, folder.flatMap((part) => [...shown(part), make("wbr")])),
    make("span", { class: "file" }, shown(text.slice(cut)), line ? `:${line}` : ""));
}

// its name begins with the word that it shows; `text` is asked for when it is pressed
function copyButton(text, what) {
  const label = make("span", { "aria-live": "polite" }, "Copy");
  const button = make("button", { type: "button", class: "copy", "aria-label": `Copy ${what}` }, label);
  button.addEventListener("click", async () => {
    label.textContent = (await copied(text())) ? "Copied" : "No clipboard";
    setTimeout(() => { label.textContent = "Copy"; }, 1600);
  });
  return button;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}

// where a browser gives a file no clipboard
function copiedBySelection(text) {
  const area = make("textarea", { class: "unseen-label", "aria-hidden": "true" });
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

function plural(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

function number(count) {
  return count.toLocaleString("en");
}

function icon(status) {
  return make("span", { class: `mark ${status}`, "aria-hidden": "true" });
}

function badge(status, text = status) {
  return make("span", { class: "badge" }, icon(status), text);
}
