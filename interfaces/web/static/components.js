// The Alpine components. They are registered here because the pages' policy forbids code in attributes.
document.addEventListener("alpine:init", () => {
  Alpine.data("theme", () => ({
    theme: "system",
    init() { this.theme = document.documentElement.dataset.theme || "system"; },
    // From one to the next: as the system has it, light, dark.
    toggle() {
      this.theme = { system: "light", light: "dark", dark: "system" }[this.theme];
      if (this.theme === "system") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = this.theme;
      try {
        if (this.theme === "system") localStorage.removeItem("theme");
        else localStorage.setItem("theme", this.theme);
      } catch { /* storage is switched off */ }
    },
    label() {
      const now = { system: "as the system", light: "light", dark: "dark" };
      const next = { system: "light", light: "dark", dark: "as the system" };
      return `Theme: ${now[this.theme]}. Change to: ${next[this.theme]}`;
    },
  }));

  // The notice of what was just done: closed, it is gone from the address too, so that it does not come back.
  Alpine.data("told", () => ({
    close() {
      history.replaceState(history.state, "", this.$el.closest("[data-address]").dataset.address);
      this.$root.remove();
      document.getElementById("main")?.focus();
    },
  }));

  // The switch of the single keys, on the page that explains them.
  Alpine.data("keys", () => ({
    on: window.singleKeys.on(),
    toggle() {
      this.on = !this.on;
      window.singleKeys.set(this.on);
    },
    label() { return this.on ? "Switch single keys off" : "Switch single keys on"; },
    told() { return this.on ? "Single keys are on." : "Single keys are off."; },
  }));

  // A file that is dropped is put into the file field, so that the form is sent as if it had been chosen.
  Alpine.data("dropzone", () => ({
    over: false,
    ready: true,
    enter() { this.over = true; },
    leave() { this.over = false; },
    drop(event) {
      this.over = false;
      if (event.dataTransfer.files.length === 0) return;
      const one = new DataTransfer();
      one.items.add(event.dataTransfer.files[0]);
      this.$refs.file.files = one.files;
      this.chosen();
    },
    // A verdict on another file would mislead.
    chosen() { document.getElementById("verdict")?.replaceChildren(); },
  }));
});
