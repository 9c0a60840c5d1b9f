/** The desk's clock: tells the time in Kazakhstan, and moves it forward. */
import { byId, h } from "./dom.js";
import { onLanguage, t } from "./language.js";
import { dateWithWeekday, forField, fromField, hhmm, seconds } from "./moment.js";
import { loadClock, moveClock, nameOf, nowAtDesk, on, person, state } from "./store.js";

const card = byId("clock-card");
const form = byId("clock-form");
const MINUTE = 60_000; // ms

function drawTime() {
  const now = nowAtDesk();
  if (now === null) return;
  const clock = byId("clock");
  clock.setAttribute("datetime", new Date(now).toISOString());
  clock.replaceChildren(
    h("span", { class: "clock-date" }, dateWithWeekday(now)),
    " ",
    h("span", { class: "clock-hours" }, hhmm(now), h("span", { class: "clock-seconds" }, `:${seconds(now)}`)),
  );
}

function drawNext() {
  const [user, deadline] = [person(), state.clock.nextDeadline];
  const line = byId("clock-next");
  if (!user) return line.replaceChildren();
  const name = user.first_name || nameOf(user);
  if (!deadline) return line.replaceChildren(t("noDeadline", { name }));
  const last = hhmm(deadline) === "00:00" ? Date.parse(deadline) - MINUTE : deadline; // a day ends at 23:59 for people
  return line.replaceChildren(`${t("nextDeadline", { name })} `, h("strong", {}, `${dateWithWeekday(last)}, ${hhmm(last)}`));
}

function draw() {
  const { moving } = state.clock;
  card.setAttribute("aria-busy", String(moving));
  byId("clock-busy").hidden = !moving;
  for (const control of card.querySelectorAll("button, input")) control.disabled = moving;
  drawTime();
  drawNext();
}

function say(text, kind) {
  const outcome = byId("clock-outcome");
  outcome.className = `outcome ${kind}`;
  outcome.textContent = text;
}

async function move(how) {
  if (state.clock.moving) return;
  const focused = document.activeElement;
  say(t("moving"), "quiet");
  try {
    await moveClock(how);
    say("", "quiet");
  } catch (error) {
    say(`${t("notMoved")}. ${error.status ? error.detail : t("unreachable")}`, "bad");
  }
  if (card.contains(focused)) focused.focus();
}

async function toDeadline() {
  if (state.clock.moving) return null;
  await loadClock().catch(() => null); // what cannot be read now is said by the move itself
  const user = person();
  if (user && state.clock.nextDeadline) return move({ deadline_of: user.id });
  return say(t("noDeadline", { name: user ? nameOf(user) : "" }), "bad");
}

function toOtherTime(event) {
  event.preventDefault();
  const to = fromField(form.querySelector("input").value);
  if (Date.parse(to) <= nowAtDesk()) return say(t("onlyForward"), "bad");
  return move({ to });
}

export function startClock() {
  const button = (name) => card.querySelector(`[data-testid="clock-${name}"]`);
  button("hour").addEventListener("click", () => move({ advance: "PT1H" }));
  button("day").addEventListener("click", () => move({ working_days: 1 }));
  button("deadline").addEventListener("click", toDeadline);
  form.addEventListener("submit", toOtherTime);
  card.querySelector("details").addEventListener("toggle", () => {
    const now = nowAtDesk();
    if (now !== null) form.querySelector("input").value = forField(now);
  });
  on("clock users", draw);
  on("current", () => {
    say("", "quiet");
    drawNext();
    loadClock().catch((error) => console.warn("desk:", error.message));
  });
  onLanguage(draw);
  setInterval(() => !state.clock.moving && drawTime(), 1000);
}
