/** The top of the phone: who one talks to, whether they are typing, who one is. */
import { avatar } from "./avatar.js";
import { byId, h } from "./dom.js";
import { onLanguage, t } from "./language.js";
import { hhmm } from "./moment.js";
import { chatOf, nameOf, nowAtDesk, on, openTab, person, state } from "./store.js";

const TYPING_LIFE = 6000; // ms; Telegram shows "typing" for about five seconds after sendChatAction
let fading = null;

function drawState() {
  const chat = state.current === null ? null : chatOf(state.current);
  const typing = Boolean(chat?.typing);
  const line = byId("chat-state");
  line.classList.toggle("typing", typing);
  line.textContent = typing ? t("typing") : t("bot");
  clearTimeout(fading);
  if (typing) {
    fading = setTimeout(() => {
      chat.typing = false;
      drawState();
    }, TYPING_LIFE);
  }
}

function drawMe() {
  const user = person();
  const me = byId("me");
  me.hidden = !user;
  if (!user) return;
  const label = t("actingAs", { name: nameOf(user) });
  me.title = label;
  me.setAttribute("aria-label", label);
  me.replaceChildren(h("span", { class: "me-name" }, user.first_name || nameOf(user)), avatar(user, "small"));
}

function drawTime() {
  const now = nowAtDesk();
  byId("phone-time").textContent = now === null ? "" : hhmm(now);
}

export function startHeader() {
  byId("me").addEventListener("click", () => {
    openTab("people");
    byId(`person-${state.current}`)?.focus();
  });
  on("current users", drawMe);
  on("current chat", drawState);
  on("clock", drawTime);
  onLanguage(() => {
    drawMe();
    drawState();
  });
  setInterval(drawTime, 1000);
}
