// The import form: what was found about one list must not stand beside another one.
document.addEventListener("alpine:init", () => {
  Alpine.data("importform", () => ({
    changed(event) {
      if (event.target.name === "text") document.getElementById("verdict")?.replaceChildren();
    },
  }));
});
