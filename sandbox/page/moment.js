/** Instants as people in Kazakhstan see them: one zone, UTC+5 all year since 1 March 2024.
 *  Counted by hand, because an older system's time zone data still says UTC+6. */
import { list } from "./language.js";

const OFFSET = 5 * 3600 * 1000;
const two = (number) => String(number).padStart(2, "0");
const local = (when) => new Date((typeof when === "number" ? when : Date.parse(when)) + OFFSET);

/** "11:30" */
export function hhmm(when) {
  const d = local(when);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

/** "07" — the seconds of the minute */
export const seconds = (when) => two(local(when).getUTCSeconds());

/** "07.04.2026" */
export function date(when) {
  const d = local(when);
  return `${two(d.getUTCDate())}.${two(d.getUTCMonth() + 1)}.${d.getUTCFullYear()}`;
}

/** "07.04.2026, сейсенбі" */
export const dateWithWeekday = (when) => `${date(when)}, ${list("weekdays")[local(when).getUTCDay()]}`;

/** "7 сәуір", as between the days of a chat */
export function dayTitle(when) {
  const d = local(when);
  return `${d.getUTCDate()} ${list("months")[d.getUTCMonth()]}`;
}

/** "2026-04-07T11:30" for a datetime-local field */
export const forField = (when) => local(when).toISOString().slice(0, 16);

/** A datetime-local value, meant in Almaty → "2026-04-07T11:30:00+05:00" */
export const fromField = (value) => `${value.slice(0, 16)}:00+05:00`;
