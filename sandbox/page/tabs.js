/** On a phone's width the page shows one thing at a time; these are the tabs below it. */
import { byId, h, icon } from "./dom.js";
import { onLanguage, t } from "./language.js";
import { chatOf, on, openTab, state, unread } from "./store.js";

const TABS = [
  ["chat", "chat", () => t("tabChat")],
  ["people", "people", () => t("people")],
  ["sms", "sms", () => "SMS"],
  ["tools", "clock", () => t("tools")],
];

function count(tab) {
  if (tab === "sms") return state.sms.items.length - state.sms.seen;
  if (tab === "chat") return state.current === null ? 0 : unread(chatOf(state.current));
  if (tab === "people") return state.users.filter((user) => user.id !== state.current && unread(chatOf(user.id)) > 0).length;
  return 0;
}

function draw() {
  const focused = [...byId("tabs").children].indexOf(document.activeElement);
  byId("tabs").replaceChildren(
    ...TABS.map(([tab, sign, label]) => {
      const waiting = count(tab);
      return h(
        "button",
        { type: "button", class: "tab", testid: `tab-${tab}`, "aria-current": state.tab === tab && "page", onclick: () => openTab(tab) },
        icon(sign),
        h("span", {}, label()),
        waiting > 0 && h("span", { class: "badge", "aria-label": t("unread", { count: waiting }) }, String(waiting)),
      );
    }),
  );
  byId("tabs").children[focused]?.focus();
}

export function startTabs() {
  on("tab current users chat sms", draw);
  onLanguage(draw);
  draw();
}
