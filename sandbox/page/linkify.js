/** Makes what Telegram makes tappable tappable: commands, addresses, phone numbers, code, hidden text. */
import { h } from "./dom.js";

const TAPPABLE = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])|(^|\s)(\/[a-z][a-z0-9_]{0,31})(?![\w/])|(\+7(?:[\s()-]*\d){10})(?!\d)/g;

function pieces(text, onCommand) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(TAPPABLE)) {
    const [whole, url, before, command, phone] = match;
    parts.push(text.slice(from, match.index) + (before ?? ""));
    if (url) parts.push(h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url));
    if (command) parts.push(h("button", { type: "button", class: "command", onclick: () => onCommand(command) }, command));
    if (phone) parts.push(h("a", { href: `tel:${phone.replace(/[^\d+]/g, "")}` }, phone));
    from = match.index + whole.length;
  }
  parts.push(text.slice(from));
  return parts;
}

/** Changes `root` in place. onCommand("/start") is called when a command is tapped. */
export function linkify(root, onCommand) {
  for (const link of root.querySelectorAll("a[href]")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  for (const hidden of root.querySelectorAll("tg-spoiler, .tg-spoiler, .spoiler")) {
    hidden.classList.add("spoiler");
    hidden.addEventListener("click", () => hidden.classList.add("shown"));
  }
  const texts = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const node of texts) {
    if (node.parentElement.closest("a, code, pre")) continue;
    const parts = pieces(node.data, onCommand);
    if (parts.length > 1) node.replaceWith(...parts);
  }
}
