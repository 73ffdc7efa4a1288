// Painting the schedule. What counts are the number fields of the form; the grid shows them and writes into them.
document.addEventListener("alpine:init", () => {
  const DAY = 24, STEP = 5, MOST = 1_000_000, KEPT = "schedule";

  const numeric = (text) => /^\s*\d+(\.\d*)?\s*$/.test(text) ? Math.min(Number(text), MOST) : 0;

  Alpine.data("painter", () => ({
    ready: false,
    canUndo: false,
    canRedo: false,
    level: "100",
    zone: "",
    offered: false,

    init() {
      this.grid = this.$root.querySelector("#grid");
      this.fields = [...this.$root.querySelectorAll('input[name="w"]')];
      this.cells = [...this.grid.querySelectorAll(".cell")];
      this.done = [];
      this.undone = [];
      this.at = this.anchor = 0;
      this.typed = "";
      this.drag = null;
      this.last = this.values();
      this.sent = false;
      this.listen();
      this.guard();
      this.draw();
      this.bringBack();
      this.offer();
      this.ready = true;
    },

    // What is not saved is not lost without a question, and is here again on coming back.
    guard() {
      window.addEventListener("beforeunload", (event) => { if (!this.sent && this.unsaved()) event.preventDefault(); });
      window.addEventListener("pageshow", () => { this.sent = false; });
      window.addEventListener("pagehide", () => this.keep());
      this.$root.addEventListener("click", (event) => { if (event.target.closest("[data-discard]")) this.sent = true; });
    },
    others() { return ["volume", "timezone", "order"].map((id) => this.$root.querySelector(`#${id}`)); },
    version() { return this.$root.querySelector('input[name="version"]').value; },
    keep() {
      const kept = { version: this.version(), weights: this.values(), others: this.others().map((field) => field.value) };
      try {
        if (this.sent || !this.unsaved()) sessionStorage.removeItem(KEPT);
        else sessionStorage.setItem(KEPT, JSON.stringify(kept));
      } catch { /* storage is switched off */ }
    },
    bringBack() {
      if (performance.getEntriesByType("navigation")[0]?.type !== "back_forward") return;
      let kept = null;
      try { kept = JSON.parse(sessionStorage.getItem(KEPT)); } catch { /* storage is switched off */ }
      if (kept?.version !== this.version() || kept.weights.length !== this.fields.length) return;
      this.others().forEach((field, number) => { field.value = kept.others[number]; });
      this.write(kept.weights);
      setTimeout(() => { this.note(); this.changed(); }, 0);  // when the preview listens
    },

    // The zone of the browser, while nobody has chosen one.
    offer() {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const known = [...this.$root.querySelectorAll("#timezones option")].some((option) => option.value === zone);
      this.zone = known ? zone : "";
      this.offered = known && zone !== "UTC" && this.$root.querySelector("#timezone").value.trim() === "UTC";
    },
    useZone() {
      const field = this.$root.querySelector("#timezone");
      field.value = this.zone;
      this.offered = false;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    },

    listen() {
      const { grid } = this;
      grid.addEventListener("pointerdown", (event) => this.press(event));
      grid.addEventListener("pointermove", (event) => this.drag && this.pull(event));
      grid.addEventListener("pointerup", () => this.release());
      grid.addEventListener("pointercancel", () => this.cancel());
      grid.addEventListener("keydown", (event) => this.key(event));
      grid.addEventListener("focusin", (event) => this.reached(event.target.closest(".cell")));
      grid.addEventListener("pointerover", (event) => this.readout(event.target.closest(".cell")));
      for (const field of this.fields) field.addEventListener("input", () => this.draw());
      for (const field of this.fields) field.addEventListener("change", () => this.note());
      this.$root.addEventListener("input", () => this.mark());
      this.$root.addEventListener("change", () => this.mark());
    },

    // The numbers.
    values() { return this.fields.map((field) => field.value.trim()); },
    write(values) { this.fields.forEach((field, number) => { field.value = values[number]; }); },

    note() {
      const now = this.values();
      if (now.join() === this.last.join()) return;
      this.done.push(this.last);
      this.undone = [];
      this.last = now;
      this.changed();
    },
    changed() {
      this.canUndo = this.done.length > 0;
      this.canRedo = this.undone.length > 0;
      this.draw();
      this.mark();
      this.$root.dispatchEvent(new CustomEvent("painted", { bubbles: true }));
    },
    step(from, to) {
      if (from.length === 0) return;
      to.push(this.last);
      this.last = from.pop();
      this.typed = "";
      this.write(this.last);
      this.changed();
    },
    undo() { this.step(this.done, this.undone); },
    redo() { this.step(this.undone, this.done); },

    preset(event) {
      const values = event.target.closest("button").dataset.weights.split(",").map((one) => String(Number(one)));
      if (values.length !== this.fields.length) return;  // another form is needed: the server makes it
      event.preventDefault();
      this.write(values);
      this.note();
    },

    choose(level) { this.level = String(level); },
    other(event) { if (/^\d+(\.\d*)?$/.test(event.target.value.trim())) this.level = event.target.value.trim(); },

    // What is seen of them.
    draw() {
      const numbers = this.values().map(numeric), most = Math.max(100, ...numbers);
      this.cells.forEach((cell, number) => {
        const height = 100 * numbers[number] / most, bar = cell.querySelector(".bar");
        bar.setAttribute("y", 100 - height);
        bar.setAttribute("height", height);
        cell.setAttribute("aria-label", `${cell.dataset.name}: ${this.fields[number].value || 0}, ${this.share(numbers, number)} %`);
        const share = document.getElementById(`w-${number}-share`);
        if (share) share.textContent = `${this.share(numbers, number)} %`;
      });
      this.readout(this.cells[this.at]);
    },
    share(numbers, number) {
      const first = Math.floor(number / DAY) * DAY;
      const whole = numbers.slice(first, first + DAY).reduce((sum, one) => sum + one, 0);
      return (whole ? 100 * numbers[number] / whole : 0).toFixed(1);
    },
    readout(cell) {
      if (cell) this.$root.querySelector("#readout").textContent = cell.getAttribute("aria-label").replace("%", "% of the day");
    },
    reached(cell) {
      if (!cell) return;
      this.readout(cell);
      const number = Number(cell.dataset.number);
      if (number === this.at) return;
      this.at = this.anchor = number;  // a screen reader or a script moved the focus
      this.typed = "";
      this.select();
    },
    select() {
      const chosen = new Set(this.anchor === this.at ? [] : this.between(this.anchor, this.at));
      this.cells.forEach((cell, number) => {
        cell.setAttribute("aria-selected", String(chosen.has(number)));
        cell.tabIndex = number === this.at ? 0 : -1;
      });
    },
    unsaved() {
      const { dataset } = this.$root, [volume, timezone, order] = this.others().map((field) => field.value.trim());
      return this.values().join() !== dataset.shown || volume !== dataset.volume ||
        timezone !== dataset.timezone || order !== dataset.order;
    },
    mark() { this.$root.querySelector("#unsaved").hidden = !this.unsaved(); },
    leaving() {
      this.drag = null;
      this.sent = true;
    },

    // From one hour to another: in a week, the same hours of each of the days between.
    between(one, other) {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      if (this.cells.length === DAY) return Array.from({ length: high - low + 1 }, (_, more) => low + more);
      const hours = [one % DAY, other % DAY].sort((a, b) => a - b);
      return this.cells.map((_, number) => number).filter((number) =>
        number >= Math.floor(low / DAY) * DAY && number < (Math.floor(high / DAY) + 1) * DAY &&
        number % DAY >= hours[0] && number % DAY <= hours[1]);
    },
    fill(numbers, value) {
      const values = [...this.last];
      for (const number of numbers) values[number] = value;
      this.write(values);
      this.draw();
    },

    // By pointer.
    press(event) {
      if (event.button !== 0) return;
      const head = event.target.closest("[data-hour], [data-day]"), cell = event.target.closest(".cell");
      if (head) this.whole(head);
      if (!cell) return;
      event.preventDefault();
      this.note();
      this.grid.setPointerCapture(event.pointerId);
      this.drag = { from: Number(cell.dataset.number) };
      this.to(this.drag.from, false);
      this.fill([this.drag.from], this.level);
    },
    whole(head) {
      const { hour, day } = head.dataset;
      this.note();
      this.fill(this.cells.map((_, number) => number).filter((number) =>
        hour === undefined ? Math.floor(number / DAY) === Number(day) : number % DAY === Number(hour)), this.level);
      this.note();
    },
    pull(event) {
      const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest("#grid .cell");
      if (!cell) return;
      this.at = Number(cell.dataset.number);
      this.select();
      this.fill(this.between(this.drag.from, this.at), this.level);
    },
    release() {
      if (!this.drag) return;
      this.drag = null;
      this.anchor = this.at;
      this.to(this.at, false);
      this.note();
    },
    cancel() {
      if (!this.drag) return;
      this.drag = null;
      this.write(this.last);
      this.draw();
      this.to(this.at, false);
    },

    // By keyboard.
    to(number, extend) {
      this.at = Math.max(0, Math.min(this.cells.length - 1, number));
      if (!extend) this.anchor = this.at;
      this.typed = "";
      this.select();
      this.cells[this.at].focus({ preventScroll: this.drag !== null });
    },
    chosen() { return this.between(this.anchor, this.at); },
    set(value) {
      this.fill(this.chosen(), value);
      this.note();
    },
    key(event) {
      const first = Math.floor(this.at / DAY) * DAY, weekly = this.cells.length > DAY;
      if (event.altKey || !event.target.closest(".cell")) return;
      if (event.ctrlKey || event.metaKey) return this.command(event);
      const moves = {
        ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: first, End: first + DAY - 1,
        ArrowUp: weekly && this.at >= DAY ? this.at - DAY : this.at,
        ArrowDown: weekly && this.at < this.cells.length - DAY ? this.at + DAY : this.at,
      };
      if (event.key in moves) this.to(moves[event.key], event.shiftKey);
      else if (/^[0-9.]$/.test(event.key)) this.digit(event.key);
      else if (event.key === " " || event.key === "Enter") this.set(this.level);
      else if (event.key === "Delete" || event.key === "Backspace") { this.typed = ""; this.set("0"); }
      else if (event.key === "+" || event.key === "-") this.nudge(event.key === "+" ? STEP : -STEP);
      else if (event.key === "Escape") { this.cancel(); this.to(this.at, false); }
      else return;
      event.preventDefault();
    },
    command(event) {
      const key = event.key.toLowerCase();
      if (key === "z" && !event.shiftKey) this.undo();
      else if (key === "y" || key === "z") this.redo();
      else if (key === "a") { this.anchor = 0; this.to(this.cells.length - 1, true); }
      else if (key === "home") this.to(0, event.shiftKey);
      else if (key === "end") this.to(this.cells.length - 1, event.shiftKey);
      else return;
      event.preventDefault();
    },
    // Digits that follow one another make one number, and one step back.
    digit(character) {
      const goesOn = this.typed !== "";
      this.typed = (this.typed + character).slice(0, 7);
      if (!/^\d+(\.\d*)?$/.test(this.typed)) { this.typed = ""; return; }
      this.set(this.typed);
      if (goesOn && this.done.length > 1) { this.done.pop(); this.canUndo = this.done.length > 0; }
    },
    nudge(by) {
      const values = [...this.last];
      for (const number of this.chosen()) values[number] = String(Math.max(0, Math.min(MOST, numeric(values[number]) + by)));
      this.typed = "";
      this.write(values);
      this.note();
    },
  }));
});
