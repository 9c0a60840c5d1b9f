/** The person's SMS inbox, newest first, and the banner that a new SMS drops over the chat
 *  where the inbox is not in sight. */
import { phoneText } from "./avatar.js";
import { compose } from "./composer.js";
import { byId, h, icon } from "./dom.js";
import { onLanguage, t } from "./language.js";
import { date, hhmm } from "./moment.js";
import { copyFrom } from "./notices.js";
import { isNarrow, loadSms, on, person, state } from "./store.js";

const BANNER_LIFE = 9000; // ms
const CODE = /(?<!\d)\d{4,8}(?!\d)/;
let bannerTimer = null;

function codeButtons(text) {
  const code = CODE.exec(text)?.[0];
  if (!code) return null;
  const label = h("span", {}, t("copyCode"));
  const copier = h("button", { type: "button", class: "chip", testid: "copy-code", onclick: () => copyFrom(copier, label, code) }, icon("copy"), label);
  const putter = h(
    "button",
    {
      type: "button", class: "chip", testid: "insert-code",
      onclick: () => {
        hideBanner();
        compose(code);
      },
    },
    icon("insert"), t("toComposer"),
  );
  return h("div", { class: "sms-actions" }, copier, putter);
}

/** The code stands out; everything else is the text as it came. */
function words(text) {
  const match = CODE.exec(text);
  if (!match) return [text];
  return [text.slice(0, match.index), h("b", {}, match[0]), text.slice(match.index + match[0].length)];
}

function item(sms, fresh) {
  return h(
    "li",
    { class: fresh ? "sms-item new" : "sms-item", testid: "sms" },
    h("div", { class: "sms-meta" }, h("time", { datetime: sms.at }, `${date(sms.at)} ${hhmm(sms.at)}`), sms.segments > 1 && h("span", { class: "tag" }, t("segments", { count: sms.segments }))),
    h("p", { class: "sms-text" }, words(sms.text)),
    codeButtons(sms.text),
  );
}

function draw(fresh = []) {
  const user = person();
  byId("sms-phone").textContent = user ? phoneText(user.phone) : "";
  const items = state.sms.phone === user?.phone ? [...state.sms.items].reverse() : [];
  byId("sms-list").replaceChildren(...(items.length ? items.map((sms) => item(sms, fresh.includes(sms))) : [h("li", { class: "sms-none" }, t("noSms"))]));
}

function hideBanner() {
  clearTimeout(bannerTimer);
  byId("sms-banner").replaceChildren();
}

function showBanner(sms) {
  hideBanner();
  const close = h("button", { type: "button", class: "icon-button small", title: t("close"), "aria-label": t("close"), onclick: hideBanner }, icon("close"));
  byId("sms-banner").append(
    h(
      "div",
      { class: "sms-banner", role: "status", testid: "sms-banner", "aria-label": t("newSms") },
      h("div", { class: "sms-meta" }, h("strong", {}, "SMS"), h("time", {}, hhmm(sms.at)), close),
      h("p", { class: "sms-text" }, words(sms.text)),
      codeButtons(sms.text),
    ),
  );
  bannerTimer = setTimeout(hideBanner, BANNER_LIFE);
}

export function startSms() {
  on("sms", (fresh) => {
    draw(fresh);
    if (fresh.length && isNarrow() && state.tab !== "sms") showBanner(fresh.at(-1));
  });
  on("users", () => draw());
  on("tab", hideBanner);
  on("current", () => {
    hideBanner();
    draw();
    loadSms().catch((error) => console.warn("desk:", error.message));
  });
  onLanguage(() => draw());
}
