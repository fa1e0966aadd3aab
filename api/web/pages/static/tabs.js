// @ts-check
/** Parts of a result behind tabs. Without scripts they stand one after the other. */

/** @param {ParentNode} main */
export function tabbing(main) {
  for (const group of main.querySelectorAll("[data-tabs]")) build(/** @type {HTMLElement} */ (group));
  openFor(location.hash);
  main.addEventListener("click", (event) => {
    const link = /** @type {HTMLElement} */ (event.target).closest?.("a[href^='#']");
    if (link) openFor(/** @type {HTMLAnchorElement} */ (link).hash);
  });
}
addEventListener("hashchange", () => openFor(location.hash));

/** Opens the tab that holds what an address names. @param {string} hash */
export function openFor(hash) {
  const found = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  if (found) show(found);
}

/** @param {Element} inside */
export function show(inside) {
  const panel = inside.closest("[role=tabpanel]");
  if (panel?.hasAttribute("hidden")) document.getElementById(panel.getAttribute("aria-labelledby") || "")?.click();
}

/** @param {HTMLElement} group */
function build(group) {
  const panels = /** @type {HTMLElement[]} */ ([...group.children].filter((each) => each.hasAttribute("data-tab")));
  if (panels.length < 2 || group.querySelector(":scope > [role=tablist]")) return;
  const list = document.createElement("div");
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", group.dataset.tabsName || "");
  const tabs = panels.map((panel) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.id = `tab-${panel.id}`;
    tab.textContent = panel.dataset.tab || "";
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    panel.tabIndex = 0;
    list.append(tab);
    return tab;
  });
  /** @param {number} chosen @param {boolean} focus */
  function choose(chosen, focus) {
    tabs.forEach((tab, number) => {
      const is = number === chosen;
      tab.setAttribute("aria-selected", String(is));
      tab.tabIndex = is ? 0 : -1;
      panels[number].hidden = !is;
      if (is && focus) tab.focus();
    });
  }
  tabs.forEach((tab, number) => tab.addEventListener("click", () => choose(number, false)));
  list.addEventListener("keydown", (event) => {
    const here = tabs.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    /** @type {Record<string, number>} */
    const next = { ArrowRight: (here + 1) % tabs.length, ArrowLeft: (here - 1 + tabs.length) % tabs.length, Home: 0, End: tabs.length - 1 };
    if (!(event.key in next)) return;
    event.preventDefault();
    choose(next[event.key], true);
  });
  group.prepend(list);
  choose(0, false);
}
