/** The people one can be: a list to walk with the arrow keys, and the card of the chosen one. */
import { avatar, phoneText } from "./avatar.js";
import { compose, setBlocked } from "./composer.js";
import { byId, h, icon } from "./dom.js";
import { language, onLanguage, SHORT, t } from "./language.js";
import { hhmm } from "./moment.js";
import { newcomer } from "./newcomer.js";
import { copyFrom } from "./notices.js";
import { chatOf, choose, nameOf, on, openTab, person, state, unread } from "./store.js";

const list = byId("people");

function preview(user) {
  if (user.blocked) return t("blockedShort");
  const last = chatOf(user.id).messages.at(-1);
  if (!last) return t("noMessages");
  if (last.text) return last.text.split("\n")[0];
  if (last.document) return `📎 ${last.document.file_name}`;
  return t(last.photo ? "photo" : last.contact ? "contact" : last.location || last.venue ? "location" : "sticker");
}

function row(user) {
  const chosen = user.id === state.current;
  const chat = chatOf(user.id);
  const waiting = unread(chat);
  const last = chat.messages.at(-1);
  return h(
    "li",
    {
      class: `person${chosen ? " chosen" : ""}${user.blocked ? " blocked" : ""}`, role: "option", id: `person-${user.id}`,
      testid: `person-${user.id}`, "aria-selected": String(chosen), tabindex: chosen ? "0" : "-1",
      onclick: () => {
        choose(user.id);
        openTab("chat");
      },
    },
    avatar(user),
    h(
      "span",
      { class: "person-about" },
      h(
        "span",
        { class: "person-line" },
        h("strong", {}, nameOf(user)),
        h("span", { class: "tag" }, SHORT[user.language_code] ?? user.language_code ?? ""),
        h("time", {}, last ? hhmm(last.date) : ""),
      ),
      h(
        "span",
        { class: "person-line" },
        h("span", { class: "person-preview" }, preview(user)),
        waiting > 0 && h("span", { class: "badge", "aria-label": t("unread", { count: waiting }) }, String(waiting)),
      ),
    ),
  );
}

let pending = false;

/** Several changes in one go are drawn once. */
function draw() {
  if (pending) return;
  pending = true;
  requestAnimationFrame(() => {
    pending = false;
    const focused = list.contains(document.activeElement);
    const scroll = list.scrollTop;
    const empty = h("li", { class: "nobody", role: "presentation" }, t("noPeople"));
    list.replaceChildren(...(state.users.length ? state.users.map(row) : [empty]));
    list.scrollTop = scroll;
    if (focused) byId(`person-${state.current}`)?.focus();
    drawCard();
  });
}

function walk(event) {
  const at = state.users.findIndex((user) => user.id === state.current);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: state.users.length - 1 }[event.key];
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    openTab("chat");
    byId("composer-input").focus();
  } else if (state.users[to]) {
    event.preventDefault();
    choose(state.users[to].id);
    requestAnimationFrame(() => byId(`person-${state.current}`)?.scrollIntoView({ block: "nearest" }));
  }
}

function datum(label, shown, value, testid) {
  const name = h("dt", {}, label);
  const copier = h("button", { type: "button", class: "icon-button small", title: t("copy"), "aria-label": `${t("copy")}: ${label}`, testid: `${testid}-copy`, onclick: () => copyFrom(copier, name, value) }, icon("copy"));
  const putter = h("button", { type: "button", class: "icon-button small", title: t("toComposer"), "aria-label": `${t("toComposer")}: ${label}`, testid: `${testid}-insert`, onclick: () => compose(value) }, icon("insert"));
  return h("div", { class: "datum" }, name, h("dd", { testid }, shown), copier, putter);
}

let cardLook = null;

function drawCard() {
  const user = person();
  const look = JSON.stringify([user, language()]);
  if (look === cardLook) return;
  cardLook = look;
  const card = byId("person-card");
  card.hidden = !user;
  if (!user) return;
  card.replaceChildren(
    h("div", { class: "card-head" }, h("h2", {}, nameOf(user)), h("button", { type: "button", class: "text-button", testid: user.blocked ? "unblock" : "block", onclick: () => setBlocked(!user.blocked) }, t(user.blocked ? "unblock" : "block"))),
    h("dl", {}, datum(t("phone"), phoneText(user.phone), user.phone, "phone"), datum(t("iin"), user.iin, user.iin, "iin")),
  );
}

export function startPeople() {
  byId("add-person").append(icon("plus"));
  byId("add-person").addEventListener("click", newcomer);
  list.addEventListener("keydown", walk);
  on("users current chat", draw);
  onLanguage(draw);
}
