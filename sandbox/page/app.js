/** Puts the page together and keeps it in step with the desk. */
import { startChat } from "./chat.js";
import { startClock } from "./clock.js";
import { startComposer } from "./composer.js";
import { byId, h } from "./dom.js";
import { startHeader } from "./header.js";
import { LANGUAGES, language, onLanguage, setLanguage, SHORT, translatePage } from "./language.js";
import { follow } from "./live.js";
import { startMenus } from "./menu.js";
import { startPeople } from "./people.js";
import { startPortal } from "./portal.js";
import { startSms } from "./sms.js";
import { look } from "./store.js";
import { startTabs } from "./tabs.js";

/** The page's own language; the bot keeps speaking the person's. */
function drawLanguages() {
  const codes = Object.keys(LANGUAGES);
  const walk = (event, at) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    setLanguage(codes[(at + step + codes.length) % codes.length]);
    byId("languages").querySelector("[aria-checked=true]").focus();
  };
  byId("languages").replaceChildren(
    ...codes.map((code, at) => {
      const chosen = code === language();
      return h(
        "button",
        {
          type: "button", role: "radio", "aria-checked": String(chosen), tabindex: chosen ? "0" : "-1", lang: code,
          title: LANGUAGES[code], "aria-label": LANGUAGES[code], testid: `language-${code}`,
          onclick: () => setLanguage(code), onkeydown: (event) => walk(event, at),
        },
        SHORT[code],
      );
    }),
  );
}

startComposer();
for (const start of [startMenus, startHeader, startChat, startPeople, startSms, startPortal, startClock, startTabs]) start();
translatePage();
drawLanguages();
onLanguage(drawLanguages);
document.addEventListener("visibilitychange", look);
follow();
