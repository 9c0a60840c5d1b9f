/** Keeps the page in step with the desk: a long poll that says what changed, and a fetch of just that. */
import { get } from "./api.js";
import { byId } from "./dom.js";
import { loadChat, loadClock, loadSms, loadUsers, person, samePhone, state } from "./store.js";

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function loadAll() {
  await loadUsers();
  await Promise.all([loadClock(), loadSms(), ...state.users.map((user) => loadChat(user.id))]);
}

/** Topics of /sim/events → the fetches they call for, each once. */
async function refetch(changed) {
  const work = new Map();
  let clock = false;
  for (const topic of changed) {
    const [kind, rest] = [topic.split(":")[0], topic.slice(topic.indexOf(":") + 1)];
    if (kind === "users") work.set(topic, loadUsers);
    if (kind === "clock") clock = true;
    if (kind === "chat") {
      work.set(topic, () => loadChat(Number(rest)));
      if (Number(rest) === state.current) clock = true; // an act moves the deadline too
    }
    if (kind === "sms" && person() && samePhone(rest, person().phone)) work.set("sms", loadSms);
  }
  if (clock && !state.clock.moving) work.set("clock", loadClock);
  await Promise.all([...work.values()].map((fetchIt) => fetchIt()));
}

/** Runs as long as the page is open. After a lost connection everything is read anew. */
export async function follow() {
  let seq = null;
  let wait = 500;
  for (;;) {
    try {
      if (seq === null) {
        await loadAll();
        seq = 0;
      }
      byId("offline").hidden = true;
      const answer = await get(`/sim/events?since=${seq}`);
      seq = answer.seq;
      await refetch(answer.changed ?? []);
      wait = 500;
      await pause(100);
    } catch (error) {
      console.warn("desk:", error.message);
      byId("offline").hidden = false;
      seq = null;
      await pause(wait);
      wait = Math.min(wait * 2, 8000);
    }
  }
}
