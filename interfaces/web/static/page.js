// What every page does beside its links and forms: local times, messages about failed requests, the stream's start.
(() => {
  // As the server writes them, day first and 24 hours: a page has one style.
  const parts = new Intl.DateTimeFormat("en-US", {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  function written(moment) {
    const found = Object.fromEntries(parts.formatToParts(moment).map(({ type, value }) => [type, value]));
    return `${found.day} ${found.month} ${found.year}, ${found.hour}:${found.minute}`;
  }
  const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

  // Times come in UTC; the reader sees them in the zone of the browser, and the exact moment on pointing at it.
  function localTimes(root) {
    for (const time of root.querySelectorAll("time[datetime]:not([title])")) {
      const moment = new Date(time.dateTime);
      if (Number.isNaN(moment.valueOf())) continue;
      time.textContent = written(moment);
      time.title = exact.format(moment);
    }
  }

  // Errors stay until they are closed: nobody reads against a clock.
  function toast(text) {
    const region = document.getElementById("toasts");
    if (!region || [...region.querySelectorAll("p")].some((p) => p.textContent === text)) return;
    const box = document.createElement("div");
    box.className = "toast";
    const words = document.createElement("p");
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => box.remove());
    box.append(words, close);
    region.append(box);
  }

  document.addEventListener("htmx:response:error", (event) => {
    const { response, text } = event.detail.ctx;
    const shown = (response.headers.get("content-type") || "").startsWith("text/html");
    if (!shown) toast((text || `The server answered ${response.status}.`).slice(0, 300));
  });
  document.addEventListener("htmx:error", (event) => {
    const { error, ctx } = event.detail;
    if (ctx?.sourceElement?.id === "live" || error?.name === "AbortError") return;  // the stream comes back by itself
    toast("The server does not answer. Is it running?");
  });

  document.addEventListener("htmx:after:swap", () => localTimes(document));

  // A tab that is opened in the background must not hold one of the browser's few connections.
  const seen = () => { if (!document.hidden) document.dispatchEvent(new Event("page-visible")); };
  document.addEventListener("htmx:after:process", (event) => { if (event.target === document.body) seen(); });
  document.addEventListener("visibilitychange", seen);

  // Where the stream is silent, because a proxy holds it back for one, the page asks for the same parts by itself.
  const SILENCE = 30_000, PAUSE = 10_000;
  let heard = Date.now();
  for (const name of ["log-moved", "still-here"]) {
    document.addEventListener(name, (event) => { if (event.detail?.asked !== true) heard = Date.now(); }, true);
  }
  setInterval(() => {
    const live = document.getElementById("live");
    if (!live || document.hidden || Date.now() - heard < SILENCE) return;
    live.dispatchEvent(new CustomEvent("log-moved", { bubbles: true, detail: { asked: true } }));
  }, PAUSE);

  document.addEventListener("DOMContentLoaded", () => localTimes(document));
})();
