// Single keys, which a reader can switch off (WCAG 2.1.4). A page gives an element the key that presses it by
// data-shortcut; what is more than a press listens to the event "shortcut", whose detail is the key.
(() => {
  const WAIT = 1500;  // milliseconds in which the second key of a pair counts
  let pair = 0;

  const chosen = () => { try { return localStorage.getItem("keys"); } catch { return null; } };
  window.singleKeys = {
    on: () => chosen() !== "off",
    set(on) { try { localStorage.setItem("keys", on ? "on" : "off"); } catch { /* storage is switched off */ } },
  };

  const typing = (element) =>
    element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName) &&
      !["checkbox", "radio", "button", "submit"].includes(element.type);
  const visible = (element) => element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;

  function press(element) {
    if (["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName) && element.type !== "checkbox") element.focus();
    else element.click();
  }

  function search() {
    const field = [...document.querySelectorAll("main input[type=search]")].find(visible);
    if (field) field.select(); else location.assign("/papers");
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !window.singleKeys.on()) return;
    if (typing(event.target) || event.target.closest("[data-own-keys]")) return;
    const key = event.key;
    if (Date.now() - pair < WAIT) {
      pair = 0;
      const place = [...document.querySelectorAll("a[data-go]")].find((link) => link.dataset.go === key);
      if (place) { event.preventDefault(); location.assign(place.href); }
      return;
    }
    if (key === "g") { pair = Date.now(); return; }
    if (key === "?") { location.assign("/help"); return; }
    if (key === "/") { event.preventDefault(); search(); return; }
    const meant = [...document.querySelectorAll("[data-shortcut]")].find((one) => one.dataset.shortcut === key && visible(one));
    if (meant) { event.preventDefault(); press(meant); return; }
    document.dispatchEvent(new CustomEvent("shortcut", { detail: key, cancelable: true }));
  });
})();
