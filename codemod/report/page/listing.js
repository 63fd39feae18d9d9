// A long list that holds only what is near the window: chunks of rows, filled as they come near and emptied as they go.

const CHUNK = 40;
const NEAR = "900px 0px";

class Listing {
  constructor(box, onOpen) {
    this.box = box;
    this.onOpen = onOpen;
    this.open = new Set();
    this.current = -1;
    this.observer = new IntersectionObserver((entries) => entries.forEach((entry) => this.near(entry.target, entry.isIntersecting)), { rootMargin: NEAR });
    NARROW.addEventListener("change", () => this.refresh());
    addEventListener("beforeprint", () => this.chunks.forEach((chunk) => this.fill(chunk)));
    this.chunks = [];
  }

  // view: { name, columns, key(item), label(item), cells(item), detail(item) or null }
  show(view, items) {
    this.observer.disconnect();
    this.view = view;
    this.items = items;
    this.current = -1;
    this.chunks = Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, index) => this.chunk(index));
    const head = make("div", { role: "row", class: "head" }, view.columns.map((name) => make("div", { role: "columnheader" }, name)));
    const table = make("div", { role: "table", class: `table ${view.name}`, "aria-label": view.title, "aria-rowcount": items.length + 1 },
      make("div", { role: "rowgroup" }, head), this.chunks);
    this.box.replaceChildren(table);
    this.chunks.slice(0, 2).forEach((chunk) => this.fill(chunk));
    this.chunks.forEach((chunk) => this.observer.observe(chunk));
  }

  chunk(index) {
    const count = Math.min(CHUNK, this.items.length - index * CHUNK);
    const chunk = make("div", { role: "rowgroup", class: "chunk" });
    chunk.dataset.index = index;
    chunk.style.setProperty("--rows", count);
    chunk.classList.add("estimated");
    return chunk;
  }

  near(chunk, isNear) {
    if (isNear) this.fill(chunk);
    else if (chunk.childElementCount && !chunk.contains(document.activeElement)) this.empty(chunk);
  }

  fill(chunk) {
    if (chunk.childElementCount) return;
    const start = Number(chunk.dataset.index) * CHUNK;
    chunk.classList.remove("estimated");
    chunk.style.blockSize = "";
    chunk.append(...this.items.slice(start, start + CHUNK).flatMap((item, offset) => this.rowOf(item, start + offset)));
  }

  empty(chunk) {
    chunk.style.blockSize = `${chunk.offsetHeight}px`;
    chunk.replaceChildren();
  }

  // all anew, in the same place: the window has another shape
  refresh() {
    for (const chunk of this.chunks.filter((each) => each.childElementCount)) {
      chunk.replaceChildren();
      this.fill(chunk);
    }
  }

  rowOf(item, index) {
    const key = this.view.key(item);
    const isOpen = this.open.has(key);
    const [first, ...others] = this.view.cells(item);
    const lead = this.view.detail ? this.toggle(item, index, first, isOpen) : first;
    const cells = [lead, ...others].map((cell, column) => make("div", { role: "cell", class: `cell c${column}` }, cell));
    const row = make("div", { role: "row", class: "row", "aria-rowindex": index + 2, "data-index": index }, cells);
    if (this.view.detail) row.addEventListener("click", (event) => this.clicked(event, index));
    return isOpen ? [row, this.detailOf(item, index)] : [row];
  }

  toggle(item, index, content, isOpen) {
    const attributes = { type: "button", class: "toggle", "aria-expanded": String(isOpen), "aria-controls": isOpen ? `detail-${index}` : null };
    return make("button", attributes, make("span", { class: "chevron", "aria-hidden": "true" }), content);
  }

  detailOf(item, index) {
    const cell = make("div", { role: "cell", class: "detail", "aria-colspan": this.view.columns.length }, this.view.detail(item));
    return make("div", { role: "row", class: "detail-row", id: `detail-${index}` }, cell);
  }

  clicked(event, index) {
    const control = event.target.closest("a, button, input, label, select, summary");
    if (control && !control.classList.contains("toggle")) return;
    if (!control && String(getSelection())) return;
    this.switch(index);
  }

  switch(index) {
    const item = this.items[index];
    const key = this.view.key(item);
    const isOpen = !this.open.has(key);
    const row = this.rowAt(index); // which may be made here, as it was
    if (isOpen) this.open.add(key);
    else this.open.delete(key);
    this.current = index;
    const button = row.querySelector(".toggle");
    button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) {
      button.setAttribute("aria-controls", `detail-${index}`);
      row.after(this.detailOf(item, index));
    } else {
      button.removeAttribute("aria-controls");
      row.nextElementSibling.remove();
    }
    this.onOpen(isOpen ? key : "");
  }

  openAll(isOpen) {
    this.items.forEach((item) => (isOpen ? this.open.add(this.view.key(item)) : this.open.delete(this.view.key(item))));
    this.chunks.forEach((chunk) => chunk.replaceChildren());
    this.show(this.view, this.items);
  }

  rowAt(index) {
    const chunk = this.chunks[Math.floor(index / CHUNK)];
    this.fill(chunk);
    return chunk.querySelector(`.row[data-index="${index}"]`);
  }

  // to another row, by keyboard
  move(step) {
    if (!this.items.length) return;
    const at = this.focused() ?? this.current;
    this.goTo(Math.min(this.items.length - 1, Math.max(0, at + step)));
  }

  focused() {
    const inside = document.activeElement?.closest?.(".row, .detail-row");
    const row = inside?.classList.contains("detail-row") ? inside.previousElementSibling : inside;
    return row ? Number(row.dataset.index) : null;
  }

  goTo(index) {
    this.current = index;
    const row = this.rowAt(index);
    row.scrollIntoView({ block: "nearest" });
    (row.querySelector(".toggle") ?? row).focus({ preventScroll: true });
  }

  goToKey(key) {
    const index = this.items.findIndex((item) => this.view.key(item) === key);
    if (index < 0) return;
    if (this.view.detail && !this.open.has(key)) this.switch(index);
    this.goTo(index);
    this.rowAt(index).scrollIntoView({ block: "start" });
  }
}
