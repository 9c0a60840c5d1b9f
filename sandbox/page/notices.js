/** Toasts and dialogs, over the phone. Dialogs are the browser's own: Esc closes, focus stays inside. */
import { byId, h } from "./dom.js";
import { t } from "./language.js";

const TOAST_LIFE = 4500; // ms

export function toast(text) {
  const element = h("div", { class: "toast", testid: "toast" }, text);
  byId("toasts").replaceChildren(element);
  setTimeout(() => element.classList.add("going"), TOAST_LIFE - 250);
  setTimeout(() => element.remove(), TOAST_LIFE);
}

/** Shows `content` in a modal dialog, removed when it closes. onClose(returnValue) gets the pressed button's value. */
export function openDialog({ title, content, buttons, testid, className = "", onClose = () => {} }) {
  const dialog = h("dialog", { class: `dialog ${className}`, testid, "aria-label": title });
  const form = h(
    "form",
    { method: "dialog" },
    title && h("h2", {}, title),
    h("div", { class: "dialog-content" }, content),
    h("div", { class: "dialog-buttons" }, buttons),
  );
  dialog.append(form);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close(""));
  dialog.addEventListener("close", () => {
    dialog.remove();
    onClose(dialog.returnValue);
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export const dialogButton = (label, value, props = {}) => h("button", { value, class: "dialog-button", ...props }, label);
/** Not a submit button: Enter in a field means the other one. */
export const cancelButton = () =>
  dialogButton(t("cancel"), "", { type: "button", testid: "cancel", onclick: (event) => event.target.closest("dialog").close("") });

export function alertDialog(text) {
  return openDialog({
    title: null,
    className: "alert",
    testid: "alert",
    content: h("p", {}, text),
    buttons: dialogButton(t("ok"), "ok", { autofocus: true, testid: "alert-ok" }),
  });
}

/** → true when the person agreed. */
export function confirmDialog({ title, content, yes, testid, yesTestid }) {
  return new Promise((resolve) => {
    openDialog({
      title, content, testid,
      buttons: [cancelButton(), dialogButton(yes, "yes", { autofocus: true, class: "dialog-button strong", testid: yesTestid })],
      onClose: (value) => resolve(value === "yes"),
    });
  });
}

/** A field with its label: [label element, control]. */
export function field(label, control) {
  return h("label", { class: "field-row" }, h("span", {}, label), control);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "off-screen" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/** Copies, and says so on the button for a moment. */
export async function copyFrom(button, label, text) {
  await copy(text);
  const before = label.textContent;
  if (button.classList.contains("copied")) return;
  label.textContent = t("copied");
  button.classList.add("copied");
  setTimeout(() => {
    label.textContent = before;
    button.classList.remove("copied");
  }, 1500);
}
