// The list of papers: rows by keys, the panel beside it, and menus that close when one looks elsewhere.
(() => {
  const rows = () => [...document.querySelectorAll("[data-rows] tbody tr")];
  const panel = () => document.getElementById("panel");
  const looked = () => panel()?.dataset.paper;
  let last = -1;  // the row that was moved to last, by its place

  function current() {
    const row = document.activeElement?.closest?.("[data-rows] tbody tr");
    return row || rows()[last] || document.querySelector("[data-rows] tr.is-open");
  }

  function open(row) {
    if (!row) return;
    if (row.id === `p-${looked()}`) panel().querySelector("a[href]:not([data-close-panel])")?.focus();
    else row.querySelector("a.peek")?.click();
  }

  function move(step) {
    const all = rows(), from = all.indexOf(current());
    const row = all[Math.min(Math.max(from + step, 0), all.length - 1)];
    if (!row) return;
    last = all.indexOf(row);
    row.focus();
    row.scrollIntoView({ block: "nearest" });
    if (looked() && row.id !== `p-${looked()}`) open(row);
  }

  document.addEventListener("shortcut", (event) => {
    const row = current();
    if (event.detail === "j") move(1);
    else if (event.detail === "k") move(-1);
    else if (event.detail === "o" || event.detail === "Enter" && document.activeElement === row) open(row);
    else if (event.detail === "x") row?.querySelector("input[type=checkbox]")?.click();
  });

  function close() {
    const link = panel()?.querySelector("[data-close-panel]");
    if (!link) return false;
    const row = document.getElementById(`p-${looked()}`);
    history.replaceState(null, "", link.href);
    panel().replaceChildren();
    delete panel().dataset.paper;
    mark();
    row?.focus({ preventScroll: true });
    return true;
  }

  // The row that is looked at is marked, so that one finds it again, and stays where it was though the list gets narrower.
  let kept = null;
  function mark() {
    for (const row of rows()) row.classList.toggle("is-open", row.id === `p-${looked()}`);
    if (kept?.row.isConnected && kept.row.id === `p-${looked()}`) scrollBy(0, kept.row.getBoundingClientRect().top - kept.top);
    kept = null;
  }
  document.addEventListener("htmx:after:swap", mark);

  const openMenus = () => [...document.querySelectorAll("details.menu[open]")];
  // A menu that was opened before htmx had begun is filled now.
  document.addEventListener("htmx:after:process", (event) => {
    if (event.target === document.body) for (const menu of openMenus()) menu.dispatchEvent(new Event("toggle"));
  });
  document.addEventListener("click", (event) => {
    const peeked = event.target.closest("a.peek")?.closest("tr");
    if (peeked) kept = { row: peeked, top: peeked.getBoundingClientRect().top };
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
    if (event.target.closest("[data-close-panel]")) {
      event.preventDefault();
      close();
      return;
    }
    const row = event.target.closest("[data-rows] tbody tr");
    const other = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || String(getSelection());
    if (row && !other && !event.target.closest("a, button, input, label, select, summary")) {
      last = rows().indexOf(row);
      row.querySelector("a.peek")?.click();
    }
  });

  // Escape is no single key that could be hit by speech or chance: it works even where those are switched off.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const menu = openMenus()[0];
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (!["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName)) close();
  });
})();
