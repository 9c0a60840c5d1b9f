/** A round face with initials, in a colour that stays with the person. */
import { h } from "./dom.js";
import { nameOf } from "./store.js";

const COLOURS = 7;

export function avatar(user, className = "") {
  const initials = nameOf(user)
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
  return h("span", { class: `avatar colour-${Math.abs(Number(user.id) || 0) % COLOURS} ${className}`, "aria-hidden": "true" }, initials);
}

/** "+7 701 234 56 78"; anything that is not such a number stays as it is. */
export function phoneText(phone) {
  const digits = String(phone ?? "").replace(/\D/g, "");
  const match = /^7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(digits);
  return match ? `+7 ${match.slice(1).join(" ")}` : String(phone ?? "");
}
