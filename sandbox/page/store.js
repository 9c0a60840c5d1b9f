/** What the page knows, and how it comes to know it. Panels subscribe to topics and redraw themselves:
 *  "users", "current", "chat" (with the person's id), "sms", "clock", "tab". */
import { get, post } from "./api.js";

export const state = {
  users: [],
  current: null, // id of the person one is
  tab: "chat", // what a phone's width shows: chat, people, sms, tools
  chats: new Map(), // id → chat, as chatOf makes it
  sms: { phone: null, items: [], seen: 0 },
  clock: { now: null, at: 0, nextDeadline: null, moving: false },
};

const listeners = new Map();

export function on(topics, listener) {
  for (const topic of topics.split(" ")) {
    if (!listeners.has(topic)) listeners.set(topic, []);
    listeners.get(topic).push(listener);
  }
}

export function emit(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

export function chatOf(id) {
  if (!state.chats.has(id)) {
    state.chats.set(id, {
      messages: [], keyboard: null, typing: false, known: false,
      seen: 0, // newest message the person has looked at
      pending: [], // sent, and not yet in messages
      pressed: new Set(), // "message_id:callback_data" waiting for an answer
      loads: 0,
    });
  }
  return state.chats.get(id);
}

export const person = (id = state.current) => state.users.find((user) => user.id === id) ?? null;
export const nameOf = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ") || `№ ${user.id}`;
export const lastId = (chat) => chat.messages.reduce((newest, m) => Math.max(newest, m.message_id), 0);
export const unread = (chat) => chat.messages.filter((m) => m.from === "bot" && m.message_id > chat.seen).length;
export const isNarrow = () => window.matchMedia("(max-width: 980px)").matches;
const isLookedAt = (id) => id === state.current && !document.hidden && (!isNarrow() || state.tab === "chat");

export async function loadUsers() {
  state.users = await get("/sim/users");
  if (!person()) {
    const remembered = Number(localStorage.getItem("desk.person"));
    const first = person(remembered) ?? state.users[0];
    if (first) choose(first.id);
  }
  emit("users");
  await Promise.all(state.users.filter((user) => !chatOf(user.id).known).map((user) => loadChat(user.id)));
}

/** Of several answers under way only the one asked for last counts. */
export async function loadChat(id) {
  const chat = chatOf(id);
  const turn = ++chat.loads;
  const answer = await get(`/sim/users/${id}/chat`);
  if (turn !== chat.loads) return;
  const arrived = answer.messages.filter((m) => m.from === "user" && m.message_id > 0);
  chat.pending = chat.pending.filter((ghost) => {
    const twin = arrived.findIndex((m) => m.message_id > ghost.after && m.text === ghost.text);
    if (twin >= 0) arrived.splice(twin, 1);
    return twin < 0;
  });
  Object.assign(chat, { messages: answer.messages, keyboard: answer.keyboard, typing: Boolean(answer.typing) });
  if (!chat.known || isLookedAt(id)) chat.seen = lastId(chat);
  chat.known = true;
  emit("chat", id);
}

/** Marks the open chat as read, once it can be seen. */
export function look() {
  if (state.current === null || !isLookedAt(state.current)) return;
  const chat = chatOf(state.current);
  if (unread(chat) === 0) return;
  chat.seen = lastId(chat);
  emit("chat", state.current);
}

export const samePhone = (a, b) => a.replace(/\D/g, "").slice(-10) === b.replace(/\D/g, "").slice(-10);

export async function loadSms() {
  const user = person();
  if (!user) return;
  const sent = await get(`/sim/sms?phone=${encodeURIComponent(user.phone)}`);
  const items = sent.filter((one) => one.status === "delivered");
  if (person() !== user && person()?.phone !== user.phone) return;
  const sms = state.sms;
  const known = new Set(sms.items.map((one) => one.id));
  const fresh = sms.phone === user.phone ? items.filter((one) => !known.has(one.id)) : [];
  if (sms.phone !== user.phone) sms.seen = items.length;
  Object.assign(sms, { phone: user.phone, items });
  if (!isNarrow() || state.tab === "sms") sms.seen = items.length;
  emit("sms", fresh);
}

export async function loadClock() {
  const query = state.current === null ? "" : `?user=${state.current}`;
  setClock(await get(`/sim/clock${query}`));
}

function setClock(answer) {
  Object.assign(state.clock, { now: Date.parse(answer.now), at: performance.now() });
  if ("next_deadline" in answer) state.clock.nextDeadline = answer.next_deadline;
  emit("clock");
}

/** The desk's time now, in milliseconds: it runs on between two answers. */
export const nowAtDesk = () =>
  state.clock.now === null ? null : state.clock.now + (performance.now() - state.clock.at);

export async function moveClock(move) {
  state.clock.moving = true;
  emit("clock");
  try {
    await post("/sim/clock", move);
  } finally {
    state.clock.moving = false;
    await loadClock();
  }
}

export function choose(id) {
  if (id === state.current) return;
  state.current = id;
  localStorage.setItem("desk.person", id);
  state.clock.nextDeadline = null;
  emit("current");
  look();
}

export function openTab(tab) {
  state.tab = tab;
  document.body.dataset.tab = tab;
  if (tab === "sms") state.sms.seen = state.sms.items.length;
  emit("tab");
  look();
}
