/** The conversation: keeps the drawn messages in step with the known ones, and the reader at the newest. */
import { post } from "./api.js";
import { bubble, pressKey } from "./bubble.js";
import { byId, h, icon } from "./dom.js";
import { language, onLanguage, t } from "./language.js";
import { date, dayTitle } from "./moment.js";
import { alertDialog, toast } from "./notices.js";
import { chatOf, emit, lastId, loadChat, nowAtDesk, on, state } from "./store.js";
import { emptyChat } from "./welcome.js";

const NEAR_END = 80; // px above the end that still count as being at it
const log = byId("log");
const scroller = byId("log-scroll");
const jump = byId("jump");

let drawnFor = null;
let drawn = new Map(); // key → {element, look}
let ghosts = 0;
let pinned = true; // the reader is at the newest message and stays there
let leftAt = 0; // the newest message when the reader went up

/** Sends `body` for the person; `ghost` is what is seen until the desk has it. */
export async function send(body, ghost) {
  const id = state.current;
  const chat = chatOf(id);
  const shown = {
    message_id: --ghosts, date: new Date(nowAtDesk() ?? Date.now()).toISOString(), from: "user", text: "", html: null,
    ...ghost, after: lastId(chat), pending: true,
  };
  chat.pending.push(shown);
  emit("chat", id);
  goDown();
  try {
    showAnswer(id, await post(`/sim/users/${id}/send`, body));
  } catch (error) {
    toast(`${t("notSent")}. ${error.status ? error.detail : t("unreachable")}`);
    throw error;
  } finally {
    await loadChat(id).catch(() => null);
    chat.pending = chat.pending.filter((one) => one !== shown);
    emit("chat", id);
  }
}

export const sendText = (text) => send({ text }, { text });

function showAnswer(id, result) {
  const answer = result?.answer;
  if (!answer || id !== state.current) return;
  if (answer.text && answer.show_alert) alertDialog(answer.text);
  else if (answer.text) toast(answer.text);
}

async function press(message, button) {
  const id = state.current;
  const chat = chatOf(id);
  const key = pressKey(message.message_id, button);
  if (chat.pressed.has(key)) return;
  chat.pressed.add(key);
  emit("chat", id);
  try {
    showAnswer(id, await post(`/sim/users/${id}/press`, { message_id: message.message_id, button: button.callback_data ?? button.text }));
  } catch (error) {
    toast(`${t("noAnswer")}. ${error.status ? error.detail : t("unreachable")}`);
  } finally {
    chat.pressed.delete(key);
    await loadChat(id).catch(() => null);
    emit("chat", id);
  }
}

const actions = { press, command: (text) => sendText(text).catch(() => null) };

/** Days, messages and those under way → [{key, look, make}] in their order. */
function wanted(chat) {
  const all = [...chat.messages, ...chat.pending];
  const items = [];
  all.forEach((message, i) => {
    const [before, after] = [all[i - 1], all[i + 1]];
    const day = date(message.date);
    const newDay = !before || date(before.date) !== day;
    if (newDay) items.push({ key: `day-${day}`, look: language() + day, make: () => h("div", { class: "day" }, h("span", {}, dayTitle(message.date))) });
    const place = {
      first: newDay || before.from !== message.from,
      last: !after || after.from !== message.from || date(after.date) !== day,
    };
    const waiting = (message.buttons ?? []).flat().filter((b) => chat.pressed.has(pressKey(message.message_id, b))).map((b) => pressKey(message.message_id, b));
    items.push({
      key: message.message_id,
      content: JSON.stringify([message.text, message.html, message.buttons]),
      look: JSON.stringify([message, place, waiting, language()]),
      make: () => bubble(message, place, chat.pressed, actions),
    });
  });
  return items;
}

/** A redrawn message keeps the keyboard's focus at the same button, or at the one nearest to it. */
function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? [...old.querySelectorAll("button, a")].indexOf(document.activeElement) : -1;
  old.replaceWith(fresh);
  if (focused < 0) return;
  const buttons = [...fresh.querySelectorAll("button, a")];
  (buttons[Math.min(focused, buttons.length - 1)] ?? byId("composer-input")).focus({ preventScroll: true });
}

function reconcile(items) {
  const next = new Map();
  const fresh = drawn.size === 0;
  for (const item of items) {
    const old = drawn.get(item.key);
    if (old?.look === item.look) {
      next.set(item.key, old);
      continue;
    }
    const element = item.make();
    if (old) {
      replace(old.element, element);
      if (old.content !== item.content) element.classList.add("changed");
    } else if (!fresh && item.content) element.classList.add("new");
    next.set(item.key, { element, look: item.look, content: item.content });
  }
  for (const [key, { element }] of drawn) if (!next.has(key)) leave(element, key);
  let cursor = log.firstChild;
  for (const { element } of next.values()) {
    while (cursor?.classList.contains("leaving")) cursor = cursor.nextSibling;
    if (element === cursor) cursor = cursor.nextSibling;
    else log.insertBefore(element, cursor);
  }
  drawn = next;
}

function leave(element, key) {
  if (typeof key !== "number" || key < 0) return element.remove();
  element.removeAttribute("data-testid");
  element.classList.add("leaving");
  return setTimeout(() => element.remove(), 180);
}

const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;

function goDown() {
  pinned = true;
  scroller.scrollTop = scroller.scrollHeight;
}

function draw() {
  if (state.current === null) return;
  const chat = chatOf(state.current);
  if (drawnFor !== state.current) {
    log.replaceChildren();
    drawn = new Map();
    drawnFor = state.current;
    pinned = true;
  }
  log.querySelector(".welcome")?.remove();
  reconcile(wanted(chat));
  const empty = chat.known && chat.messages.length + chat.pending.length === 0;
  if (empty) log.append(emptyChat(() => actions.command("/start")));
  if (pinned) goDown();
  drawJump();
}

function drawJump() {
  const missed = pinned ? 0 : chatOf(state.current).messages.filter((m) => m.from === "bot" && m.message_id > leftAt).length;
  jump.hidden = pinned;
  jump.replaceChildren(icon("down"), missed ? h("span", { class: "badge" }, String(missed)) : "");
}

function scrolled() {
  const end = atEnd();
  if (pinned && !end) leftAt = lastId(chatOf(state.current));
  pinned = end;
  drawJump();
}

export function startChat() {
  jump.addEventListener("click", () => scroller.scrollTo({ top: scroller.scrollHeight, behavior: "smooth" }));
  scroller.addEventListener("scroll", () => state.current !== null && scrolled(), { passive: true });
  const resized = new ResizeObserver(() => pinned && goDown());
  resized.observe(scroller);
  resized.observe(log);
  on("chat", (id) => id === state.current && draw());
  on("current", draw);
  on("tab", () => state.tab === "chat" && pinned && goDown());
  onLanguage(draw);
}
