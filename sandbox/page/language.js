/** Which of the three languages the page speaks, and its texts in it. */
import { TEXTS } from "./texts.js";

export const LANGUAGES = { kk: "Қазақша", ru: "Русский", en: "English" };
export const SHORT = { kk: "Қаз", ru: "Рус", en: "Eng" };

const KEY = "desk.language";
const stored = localStorage.getItem(KEY);
let current = stored in LANGUAGES ? stored : "kk";
const listeners = [];

export const language = () => current;
export const onLanguage = (listener) => listeners.push(listener);

export function setLanguage(code) {
  current = code;
  localStorage.setItem(KEY, code);
  translatePage();
  for (const listener of listeners) listener();
}

/** The text under that key; `{name}` is replaced by values.name. */
export function t(key, values = {}) {
  const text = TEXTS[key][current];
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** A list of names (months, weekdays). */
export const list = (key) => TEXTS[key][current];

/** Everything in index.html that carries data-t, data-t-label or data-t-placeholder. */
export function translatePage() {
  document.documentElement.lang = current;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) {
    const label = t(node.dataset.tLabel);
    node.setAttribute("aria-label", label);
    if (node.tagName === "BUTTON") node.title = label;
  }
  for (const node of document.querySelectorAll("[data-t-placeholder]")) node.placeholder = t(node.dataset.tPlaceholder);
}
