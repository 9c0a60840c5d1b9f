/** Small helpers for building elements. Data only ever enters the page as text or attributes. */

/** h("button", {class, onclick, dataset: {...}, "aria-label": …}, ...children) → element. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "dataset") Object.assign(element.dataset, value);
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "testid") element.dataset.testid = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

const SVG = "http://www.w3.org/2000/svg";

/** s("path", {d}) → SVG element. */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const ICONS = {
  plus: "M12 5v14M5 12h14",
  send: "M4.5 5.2 20 12 4.5 18.8l2.3-6.8ZM6.8 12H12",
  attach: "m19.5 11.5-7.6 7.6a4.8 4.8 0 0 1-6.8-6.8l8-8a3.2 3.2 0 0 1 4.5 4.5l-7.9 7.9a1.6 1.6 0 0 1-2.3-2.3l7.2-7.1",
  down: "m6 9.5 6 6 6-6",
  keyboard: "M4 6.5h16v11H4ZM7.5 10h.01M12 10h.01M16.5 10h.01M7.5 14h9",
  menu: "M5 7h14M5 12h14M5 17h14",
  close: "M6 6l12 12M18 6 6 18",
  chat: "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H10l-5 4v-4.6A2.5 2.5 0 0 1 4 13.5Z",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.5c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M16 4.4a3.4 3.4 0 0 1 0 6.2M18 14c2.1.8 3.5 2.8 3.5 5.5",
  sms: "M4 5h16v14H4ZM4 6.5l8 6.5 8-6.5",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2",
  copy: "M9 9h10v11H9ZM15 9V4H5v11h4",
  insert: "M4 12h12M11.5 7l5 5-5 5M20 5v14",
  contact: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20c0-4 3.4-6.5 7.5-6.5s7.5 2.5 7.5 6.5",
  stranger: "M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM3 20c0-4 3.1-6.5 7-6.5 1.8 0 3.4.5 4.6 1.4M18.5 14v6M15.5 17h6",
  pin: "M12 21s7-6.3 7-11.5a7 7 0 1 0-14 0C5 14.7 12 21 12 21ZM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  photo: "M4 5.5h16v13H4ZM4 16l4.5-4.5 4 4 3-3L20 17M15.5 9.5h.01",
  sticker: "M12 20.5a8.5 8.5 0 1 1 8.5-8.5c-4 0-8.5 4.5-8.5 8.5ZM8.5 10h.01M14 8.5h.01M8.5 14c.8.8 1.8 1.2 3 1.2",
  file: "M7 3.5h7l4.5 4.5v12.5H7ZM14 3.5V8h4.5",
  link: "M8 16 16.5 7.5M9.5 7h7.5v7.5",
  phone: "M6.5 4h3l1.5 4-2 1.5a12 12 0 0 0 5.5 5.5l1.5-2 4 1.5v3a2 2 0 0 1-2.2 2A16 16 0 0 1 4.5 6.2 2 2 0 0 1 6.5 4Z",
  check: "m4.5 12.5 4.5 4.5L19.5 7",
  checks: "m2 12.5 4.2 4.2L15 8M11 15.5l1.3 1.2L21.5 8",
  block: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM6 6l12 12",
};

/** A 24×24 line icon, hidden from screen readers: whoever shows it alone gives the label. */
export function icon(name) {
  return s(
    "svg",
    { viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true" },
    s("path", { d: ICONS[name] }),
  );
}
