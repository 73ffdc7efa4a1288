// Which papers of a list are selected: on this page and on others, as long as the filter stays the same.
document.addEventListener("alpine:init", () => {
  const boxes = () => [...document.querySelectorAll("input[name=paper][form=bulk]")];
  const MOST = 1000;  // more are selected as all that match

  // The order of a list does not matter to what is selected in it.
  function slot(which) {
    const fields = new URLSearchParams(which);
    fields.delete("sort");
    return `selected:${fields}`;
  }
  function kept(name) {
    try { return JSON.parse(sessionStorage.getItem(name)) || []; } catch { return []; }
  }
  function keep(name, ids) {
    try {
      if (ids.length > 0) sessionStorage.setItem(name, JSON.stringify(ids));
      else sessionStorage.removeItem(name);
    } catch { /* storage is switched off */ }
  }

  Alpine.data("selection", () => ({
    ids: [],
    whole: false,
    name: "",
    init() {
      this.name = slot(this.$el.dataset.which);
      const acted = new URLSearchParams(location.search).has("told");
      if (acted) keep(this.name, []);
      this.ids = acted ? [] : kept(this.name);
      this.changed = (event) => this.ticked(event.target);
      this.swapped = () => this.follow();
      document.addEventListener("change", this.changed);
      document.addEventListener("htmx:after:swap", this.swapped);
      this.show();
    },
    destroy() {
      document.removeEventListener("change", this.changed);
      document.removeEventListener("htmx:after:swap", this.swapped);
    },
    ticked(box) {
      if (box.id === "select-page") this.put(boxes().map((one) => one.value), box.checked);
      else if (box.name === "paper" && box.form?.id === "bulk") this.put([box.value], box.checked);
    },
    put(values, on) {
      const rest = this.ids.filter((id) => !values.includes(id));
      this.ids = on ? [...rest, ...values].slice(0, MOST) : rest;
      if (!on) this.whole = false;
      keep(this.name, this.ids);
      this.show();
    },
    all(on) {
      this.whole = on;
      this.show();
    },
    none() {
      this.whole = false;
      this.put(this.ids, false);
      document.getElementById("select-page")?.focus();
    },
    // The list was loaded anew: with another filter nothing is selected that a person does not see.
    follow() {
      const name = slot(this.$root.dataset.which);
      if (name !== this.name) {
        this.name = name;
        this.ids = kept(name);
        this.whole = false;
      }
      this.show();
    },
    show() {
      const on = boxes(), chosen = on.filter((box) => this.whole || this.ids.includes(box.value));
      for (const box of on) box.checked = chosen.includes(box);
      const page = document.getElementById("select-page"), everything = document.getElementById("everything");
      if (everything) everything.checked = this.whole;
      if (!page) return;
      page.checked = on.length > 0 && chosen.length === on.length;
      page.indeterminate = chosen.length > 0 && !page.checked;
    },
    any() { return this.whole || this.ids.length > 0; },
    told() {
      if (this.whole) return `All ${this.$root.dataset.all} selected.`;
      if (this.ids.length === 0) return "Select papers to act on them.";
      const here = boxes().filter((box) => this.ids.includes(box.value)).length, others = this.ids.length - here;
      const more = others > 0 ? `, ${others} of them on other pages` : "";
      return `${this.ids.length} ${this.ids.length === 1 ? "paper" : "papers"} selected${more}.`;
    },
    // Papers of other pages go along as hidden fields.
    complete() {
      const form = this.$root, here = boxes().map((box) => box.value);
      for (const old of form.querySelectorAll("input[data-elsewhere]")) old.remove();
      for (const id of this.ids.filter((one) => !here.includes(one))) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name: "paper", value: id });
        field.dataset.elsewhere = "";
        form.append(field);
      }
    },
  }));
});
