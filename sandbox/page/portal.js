/** The one button of the portal akmola.kz that the desk has: a voucher for an application. */
import { detailOf, post } from "./api.js";
import { byId, h } from "./dom.js";
import { onLanguage, t } from "./language.js";

let last = null; // what was answered last, said anew when the language changes

function draw() {
  const outcome = byId("portal-outcome");
  if (!last) return outcome.replaceChildren();
  outcome.className = `outcome ${last.kind}`;
  return outcome.replaceChildren(t(last.key, last), last.answer ? h("code", {}, last.answer) : "");
}

/** Why not, in one line: the answer's `detail`, or the whole when it has none. */
function inWords(answer) {
  if (answer === null || answer === undefined || answer === "") return "";
  if (typeof answer === "string") return answer.slice(0, 300);
  return detailOf(answer) || JSON.stringify(answer).slice(0, 300);
}

async function issue(number) {
  const result = await post("/sim/portal", { type: "voucher.issue", registration_number: number });
  if (result.status >= 200 && result.status < 300) return { key: "issued", kind: "good", number };
  return { key: "notIssued", kind: "bad", status: result.status, answer: inWords(result.answer) };
}

export function startPortal() {
  const form = byId("portal-form");
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    last = { key: "issuing", kind: "quiet" };
    draw();
    try {
      last = await issue(byId("registration").value.trim());
    } catch (error) {
      last = { key: "notIssued", kind: "bad", status: error.status, answer: error.status ? error.detail : t("unreachable") };
    } finally {
      button.disabled = false;
    }
    draw();
  });
  onLanguage(draw);
}
