// Activity: new events come in by themselves where the reader is at the top and reads nothing else.
document.addEventListener("alpine:init", () => {
  Alpine.data("follow", () => ({
    on: true,
    init() { this.on = localStorage.getItem("follow") !== "off"; },
    keep() { localStorage.setItem("follow", this.on ? "on" : "off"); },
  }));
});

(() => {
  const TOP = 120;  // pixels that still count as the top

  // Whoever has opened a group, or has gone into the list by keyboard, is reading.
  const reads = () => {
    const events = document.getElementById("events");
    return window.scrollY > TOP || !events || events.querySelector("details[open]") !== null ||
      events.contains(document.activeElement) || !window.getSelection().isCollapsed;
  };
  const follows = () => document.querySelector(".follow input")?.checked === true;

  document.addEventListener("htmx:after:swap", () => {
    const show = document.getElementById("show-news");
    if (show && follows() && !reads()) show.click();
  });
})();
