/** An empty chat: what the bot says it can do, and Start. */
import { descriptionFor } from "./commands.js";
import { h } from "./dom.js";
import { t } from "./language.js";
import { person } from "./store.js";

export function emptyChat(start) {
  const about = h("p", { class: "welcome-text" }, t("emptyHint"));
  descriptionFor(person())
    .then((description) => description && (about.textContent = description))
    .catch((error) => console.warn("desk:", error.message));
  return h(
    "div",
    { class: "welcome" },
    h("img", { src: "/static/bot.svg", alt: "", width: 72, height: 72 }),
    h("strong", {}, t("emptyChat")),
    about,
    h("button", { type: "button", class: "start", testid: "start", onclick: start }, t("start")),
  );
}
