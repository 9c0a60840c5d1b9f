/** The person's SMS inbox, newest first, and the banner that a new SMS drops over the chat
 *  where the inbox is not in sight. */
import { phoneText } from "./avatar.js";
import { sendText } from "./chat.js";
import { compose, setBlocked } from "./composer.js";
import { byId, h, icon } from "./dom.js";
import { onLanguage, t } from "./language.js";
import { date, hhmm } from "./moment.js";
import { copyFrom } from "./notices.js";
import { isNarrow, loadSms, on, openTab, person, state } from "./store.js";

const BANNER_LIFE = 9000; // ms
const CODE = /(?<!\d)\d{4,8}(?!\d)/;
const LINK = /(?:https?:\/\/)?\bt\.me\/\w+\?start=([\w-]{1,64})|https?:\/\/\S*[^\s.,;:!?)»]/g;
const GATEWAYS = { smsc: "SMSC.kz", mobizon: "Mobizon" };
let bannerTimer = null;

/** Digits within a link are no code. */
const codeOf = (text) => CODE.exec(text.replace(LINK, " "))?.[0];

function codeButtons(text) {
  const code = codeOf(text);
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

/** As in Telegram: a link into the bot opens the chat and starts it, unblocking it if need be. */
async function start(token) {
  hideBanner();
  openTab("chat");
  if (person().blocked) await setBlocked(false);
  await sendText(`/start ${token}`);
}

function link(address, token) {
  const href = address.includes("://") ? address : `https://${address}`;
  const onclick = token && ((event) => {
    event.preventDefault();
    start(token).catch((error) => console.warn("desk:", error.message));
  });
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", testid: "sms-link", onclick }, address);
}

function marked(text, code) {
  const at = code ? text.indexOf(code) : -1;
  return at < 0 ? [text] : [text.slice(0, at), h("b", {}, code), text.slice(at + code.length)];
}

/** The code stands out and links can be opened; everything else is the text as it came. */
function words(text) {
  const code = codeOf(text);
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(...marked(text.slice(from, match.index), code), link(match[0], match[1]));
    from = match.index + match[0].length;
  }
  return [...parts, ...marked(text.slice(from), code)];
}

function item(sms, fresh) {
  return h(
    "li",
    { class: fresh ? "sms-item new" : "sms-item", testid: "sms" },
    h("div", { class: "sms-meta" }, h("time", { datetime: sms.at }, `${date(sms.at)} ${hhmm(sms.at)}`), h("span", { class: "tag" }, GATEWAYS[sms.gateway]), sms.segments > 1 && h("span", { class: "tag" }, t("segments", { count: sms.segments }))),
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
