/** The dialog that adds a person to the desk. */
import { post } from "./api.js";
import { h } from "./dom.js";
import { LANGUAGES, language, t } from "./language.js";
import { cancelButton, dialogButton, field, openDialog } from "./notices.js";
import { choose, loadUsers } from "./store.js";

export function newcomer() {
  const firstName = h("input", { required: true, maxlength: 64, autofocus: true, testid: "new-first-name", autocomplete: "off" });
  const lastName = h("input", { maxlength: 64, testid: "new-last-name", autocomplete: "off" });
  const code = h("select", { testid: "new-language" }, Object.entries(LANGUAGES).map(([value, name]) => h("option", { value, selected: value === language() }, name)));
  const phone = h("input", { type: "tel", maxlength: 20, placeholder: "+7 7…", testid: "new-phone", autocomplete: "off" });
  const iin = h("input", { inputmode: "numeric", pattern: "[0-9]{12}", maxlength: 12, testid: "new-iin", autocomplete: "off" });
  const registered = h("input", { type: "checkbox", checked: true, testid: "new-registered" });
  const problem = h("p", { class: "outcome bad", role: "alert" });
  const add = dialogButton(t("add"), "", { type: "submit", class: "dialog-button strong", testid: "new-add" });
  const dialog = openDialog({
    title: t("addPerson"),
    testid: "new-person",
    content: [
      h("div", { class: "field-pair" }, field(t("firstName"), firstName), field(t("lastName"), lastName)),
      field(t("personLanguage"), code),
      h("div", { class: "field-pair" }, field(t("phone"), phone), field(t("iin"), iin)),
      h("p", { class: "hint" }, t("madeUp")),
      h("label", { class: "check-row" }, registered, h("span", {}, t("registered"))),
      problem,
    ],
    buttons: [cancelButton(), add],
  });

  dialog.querySelector("form").addEventListener("submit", async (event) => {
    if (event.submitter !== add) return;
    event.preventDefault(); // stays open until the desk has agreed
    const filled = { first_name: firstName, last_name: lastName, phone, iin };
    const wanted = { language_code: code.value, registered: registered.checked };
    for (const [key, input] of Object.entries(filled)) if (input.value.trim()) wanted[key] = input.value.trim();
    add.disabled = true;
    try {
      const user = await post("/sim/users", wanted);
      await loadUsers();
      choose(user.id);
      dialog.close();
    } catch (error) {
      problem.textContent = `${t("notAdded")}. ${error.status ? error.detail : t("unreachable")}`;
    } finally {
      add.disabled = false;
    }
  });
}
