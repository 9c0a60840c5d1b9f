/** A small menu above the composer: one at a time, arrows walk, Esc and a click elsewhere close. */
import { byId, h } from "./dom.js";

const host = byId("menu-host");
let opener = null;

export const isOpen = (button) => opener === button;

export function closeMenu(giveFocusBack = false) {
  host.replaceChildren();
  opener?.setAttribute("aria-expanded", "false");
  if (giveFocusBack) opener?.focus();
  opener = null;
}

/** items: [{label, note?, icon?, testid?, act()}]. takeFocus: false while the person goes on typing. */
export function openMenu(button, items, { className = "", takeFocus = true } = {}) {
  closeMenu();
  opener = button;
  button.setAttribute("aria-expanded", "true");
  const rows = items.map((item) =>
    h(
      "button",
      {
        type: "button", role: "menuitem", class: "menu-item", testid: item.testid,
        onclick: () => {
          closeMenu();
          item.act();
        },
      },
      item.icon ?? null,
      h("span", { class: "menu-label" }, item.label),
      item.note && h("span", { class: "menu-note" }, item.note),
    ),
  );
  host.replaceChildren(h("div", { class: `menu ${className}`, role: "menu", onkeydown: (event) => walk(event, rows) }, rows));
  if (takeFocus) rows[0]?.focus();
}

function walk(event, rows) {
  const at = rows.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    rows[(at + step + rows.length) % rows.length].focus();
  }
}

export function startMenus() {
  document.addEventListener("keydown", (event) => event.key === "Escape" && opener && closeMenu(true));
  document.addEventListener("click", (event) => {
    if (opener && !host.contains(event.target) && !opener.contains(event.target)) closeMenu();
  });
}
