// The page of what needs a person: many files dropped at once, and keys that act on one row of a list.
document.addEventListener("alpine:init", () => {
  // Files that are dropped are put into the file field, so that the form is sent as if they had been chosen.
  Alpine.data("dropmany", () => ({
    over: false,
    ready: true,
    enter() { this.over = true; },
    leave() { this.over = false; },
    drop(event) {
      this.over = false;
      if (event.dataTransfer.files.length > 0) this.$refs.files.files = event.dataTransfer.files;
    },
  }));
  Alpine.data("needsKeys", () => ({ on: window.singleKeys.on() }));
});

(() => {
  const rows = () => [...document.querySelectorAll("[data-rows] tbody tr")];
  const current = () => document.activeElement.closest("[data-rows] tbody tr");

  function move(by) {
    const all = rows(), at = all.indexOf(current());
    const row = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
    row?.querySelector(".paper-title")?.focus();
  }

  function press(key) {
    const found = (current() || rows()[0])?.querySelector(`[data-key="${key}"]`);
    if (!found) return;
    if (found.tagName !== "SUMMARY") { found.click(); return; }
    found.parentElement.open = true;
    found.parentElement.querySelector("input[type=file]").focus();
  }

  document.addEventListener("shortcut", ({ detail }) => {
    if (rows().length === 0) return;
    if (detail === "j") move(1);
    else if (detail === "k") move(-1);
    else if (detail === "o" || detail === "u") press(detail);
  });

  // Who types a paper's name means that choice.
  document.addEventListener("input", ({ target }) => {
    const radio = target.dataset?.names && document.getElementById(target.dataset.names);
    if (radio && target.value.trim()) radio.checked = true;
  });
})();
