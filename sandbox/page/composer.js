/** The lower end of the phone: the field, commands, the attach menu, the bot's reply keyboard. */
import { post } from "./api.js";
import { sendText } from "./chat.js";
import { commandsFor } from "./commands.js";
import { byId, h, icon } from "./dom.js";
import { onLanguage, t } from "./language.js";
import { closeMenu, isOpen, openMenu } from "./menu.js";
import { toast } from "./notices.js";
import { attachItems, shareContact, shareLocation } from "./share.js";
import { chatOf, loadUsers, on, openTab, person, state } from "./store.js";

const input = byId("composer-input");
const keyboardBox = byId("reply-keyboard");
const toggle = byId("keyboard-toggle");
const commandsButton = byId("commands");

const drafts = new Map(); // person's id → what is typed and not yet sent
let writer = null; // whose draft is in the field
let commands = [];
let keyboardShown = true;
let keyboardLook = null;

/** Puts text into the field, ready to be sent. */
export function compose(text) {
  openTab("chat");
  input.value = text;
  grow();
  input.focus();
}

function grow() {
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 140)}px`;
  byId("send").classList.toggle("ready", input.value.trim() !== "");
}

async function submit() {
  const text = input.value.trim();
  const [id, from] = [state.current, person()];
  if (!text || !from || from.blocked) return;
  closeMenu();
  input.value = "";
  grow();
  try {
    await sendText(text);
  } catch {
    if (state.current !== id) drafts.set(id, text);
    else if (!input.value) compose(text);
  }
}

function typed() {
  grow();
  const word = /^\/(\w*)$/.exec(input.value)?.[1];
  const fitting = word === undefined ? [] : commands.filter((one) => one.command.startsWith(word));
  if (fitting.length) showCommands(fitting, { takeFocus: false });
  else if (isOpen(commandsButton)) closeMenu();
}

function showCommands(which, options) {
  const items = which.map(({ command, description }) => ({
    label: description, note: `/${command}`, testid: `command-${command}`,
    act: () => {
      input.value = "";
      grow();
      sendText(`/${command}`).catch(() => null);
    },
  }));
  openMenu(commandsButton, items, { className: "menu-commands", ...options });
}

async function loadCommands() {
  const who = person();
  const found = who ? await commandsFor(who) : [];
  if (who !== person()) return;
  commands = found;
  commandsButton.hidden = commands.length === 0;
}

const refreshCommands = () => loadCommands().catch((error) => console.warn("desk:", error.message));

function keyPress(button) {
  const used = () => {
    if (chatOf(state.current).keyboard?.one_time) keyboardShown = false;
    drawKeyboard();
  };
  if (button.request_contact) return shareContact(used);
  if (button.request_location) return shareLocation(used);
  used();
  return sendText(button.text).catch(() => null);
}

function drawKeyboard() {
  const keyboard = state.current === null ? null : chatOf(state.current).keyboard;
  const look = `${state.current}${JSON.stringify(keyboard)}`;
  if (look !== keyboardLook) keyboardShown = true;
  const redraw = look !== keyboardLook;
  keyboardLook = look;
  toggle.hidden = !keyboard;
  keyboardBox.hidden = !keyboard || !keyboardShown || person()?.blocked;
  const label = t(keyboardBox.hidden ? "showKeyboard" : "hideKeyboard");
  toggle.setAttribute("aria-label", label);
  toggle.setAttribute("aria-expanded", String(!keyboardBox.hidden));
  toggle.title = label;
  toggle.replaceChildren(icon(keyboardBox.hidden ? "keyboard" : "down"));
  input.placeholder = keyboard?.placeholder || t("message");
  if (redraw) keyboardBox.replaceChildren(...(keyboard?.rows ?? []).map((row) => h("div", { class: "reply-row" }, row.map(replyButton))));
}

function replyButton(button) {
  const sign = button.request_contact ? icon("phone") : button.request_location ? icon("pin") : null;
  return h("button", { type: "button", class: "reply", testid: "reply", onclick: () => keyPress(button) }, sign, h("span", {}, button.text));
}

/** Block or unblock the bot, as the person one is. */
export async function setBlocked(blocked) {
  try {
    await post(`/sim/users/${state.current}/${blocked ? "block" : "unblock"}`);
    await loadUsers();
  } catch (error) {
    toast(error.status ? error.detail : t("unreachable"));
  }
}

function drawBlocked() {
  const blocked = Boolean(person()?.blocked);
  byId("composer").hidden = blocked;
  byId("unblock-bar").hidden = !blocked;
  drawKeyboard();
}

function changePerson() {
  if (writer !== null) drafts.set(writer, input.value);
  writer = state.current;
  input.value = drafts.get(writer) ?? "";
  closeMenu();
  grow();
  drawBlocked();
  commands = [];
  refreshCommands();
}

export function startComposer() {
  byId("send").append(icon("send"));
  byId("attach").append(icon("attach"));
  commandsButton.append(icon("menu"), h("span", { "data-t": "menu" }));
  input.addEventListener("input", typed);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
    input.focus();
  });
  byId("attach").addEventListener("click", (event) => {
    if (isOpen(event.currentTarget)) closeMenu();
    else openMenu(event.currentTarget, attachItems(), { className: "menu-attach" });
  });
  commandsButton.addEventListener("click", async () => {
    if (isOpen(commandsButton)) return closeMenu();
    await refreshCommands();
    return showCommands(commands);
  });
  toggle.addEventListener("click", () => {
    keyboardShown = keyboardBox.hidden;
    drawKeyboard();
  });
  byId("unblock-bar").addEventListener("click", () => setBlocked(false));
  on("current", changePerson);
  on("users", drawBlocked);
  on("chat", (id) => {
    if (id !== state.current) return;
    drawKeyboard();
    if (commands.length === 0) refreshCommands();
  });
  onLanguage(() => {
    keyboardLook = null;
    drawKeyboard();
  });
}
