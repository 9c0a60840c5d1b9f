/** One message as it looks: bubble, tail, time, and the inline keyboard under it. */
import { attachment } from "./attachments.js";
import { h, icon } from "./dom.js";
import { t } from "./language.js";
import { linkify } from "./linkify.js";
import { hhmm } from "./moment.js";

const STYLES = new Set(["danger", "success", "primary"]);
const SAFE_LINK = /^(https?|tel|mailto|tg):/i;
const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}]?\uFE0F?(?:\u200D\p{Extended_Pictographic}\uFE0F?)*\s?){1,3}$/u;

export const pressKey = (messageId, button) => `${messageId}:${button.callback_data ?? button.text}`;

function inlineButton(message, button, pressed, actions) {
  const style = STYLES.has(button.style) ? ` ${button.style}` : "";
  const label = h("span", { class: "inline-label" }, button.text);
  if (button.url) {
    const href = SAFE_LINK.test(button.url) ? button.url : null;
    return h("a", { class: `inline${style}`, href, target: "_blank", rel: "noopener noreferrer", testid: "inline", title: button.text }, label, icon("link"));
  }
  const waiting = pressed.has(pressKey(message.message_id, button));
  return h(
    "button",
    { type: "button", class: `inline${style}`, testid: "inline", title: button.text, "aria-busy": waiting && "true", onclick: () => actions.press(message, button) },
    label,
    waiting && h("span", { class: "spinner" }),
  );
}

function inlineKeyboard(message, pressed, actions) {
  if (!message.buttons?.length) return null;
  const rows = message.buttons.map((row) =>
    h("div", { class: "inline-row" }, row.map((button) => inlineButton(message, button, pressed, actions))),
  );
  return h("div", { class: "inline-keyboard" }, rows);
}

function meta(message) {
  const mark = { pending: ["clock", "sending"], sent: ["checks", "sent"] }[message.from === "user" ? (message.pending ? "pending" : "sent") : ""];
  return h(
    "span",
    { class: "meta" },
    message.edited && h("span", { class: "edited" }, t("edited")),
    h("time", { datetime: message.date }, hhmm(message.date)),
    mark && h("span", { class: "mark", role: "img", "aria-label": t(mark[1]) }, icon(mark[0])),
  );
}

/** `html` comes from the desk, which builds it from entities and escapes everything else;
 *  it is the only text of the page that is set as HTML. */
function text(message, actions) {
  const words = h("span", { class: "words", dir: "auto" });
  if (message.html) words.innerHTML = message.html;
  else words.textContent = message.text;
  linkify(words, actions.command);
  return words;
}

/** message: as GET /sim/users/{id}/chat has it, with `pending` for one that is still under way.
 *  place: {first, last} in its run of messages by the same side. actions: press(message, button), command(text). */
export function bubble(message, place, pressed, actions) {
  const mine = message.from === "user";
  const carried = attachment(message);
  const emoji = !carried && !message.html && ONLY_EMOJI.test(message.text ?? "");
  const hasText = Boolean(message.text) && !emoji;
  const body = h(
    "div",
    { class: "bubble" },
    carried,
    emoji && h("span", { class: "big-emoji" }, message.text),
    hasText ? h("div", { class: "text" }, text(message, actions), meta(message)) : meta(message),
  );
  const kinds = [
    mine ? "mine" : "theirs",
    place.first && "first",
    place.last && "last",
    emoji && "bare",
    carried && "carrying",
    carried && !hasText && "wordless",
    (message.photo || message.location || message.venue) && "picture",
    message.pending && "pending",
  ];
  return h(
    "article",
    { class: `message ${kinds.filter(Boolean).join(" ")}`, testid: `message-${message.message_id}`, dataset: { from: message.from } },
    body,
    inlineKeyboard(message, pressed, actions),
  );
}
