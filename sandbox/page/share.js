/** Sharing a phone number, a place, a photo, a sticker: each asks first where Telegram asks. */
import { phoneText } from "./avatar.js";
import { send } from "./chat.js";
import { h, icon } from "./dom.js";
import { t } from "./language.js";
import { map } from "./map.js";
import { cancelButton, confirmDialog, dialogButton, field, openDialog } from "./notices.js";
import { person } from "./store.js";

/** Towns of Akmola region, in degrees. */
const TOWNS = [
  ["Көкшетау", 53.2833, 69.3833], ["Щучинск", 52.9333, 70.2], ["Степногорск", 52.35, 71.8833],
  ["Атбасар", 51.8, 68.3333], ["Макинск", 52.6333, 70.4167], ["Ақкөл", 51.9889, 70.9472], ["Қосшы", 50.9667, 71.35],
];

const quietly = (sending) => sending.catch(() => null); // send() has told the person already

/** `agreed` is called once the person has agreed. */
export async function shareContact(agreed = () => {}) {
  const me = person();
  const yes = await confirmDialog({
    title: t("shareContactTitle"),
    content: h("p", {}, t("shareContactText", { phone: phoneText(me.phone) })),
    yes: t("share"), testid: "contact-dialog", yesTestid: "contact-yes",
  });
  if (!yes) return;
  agreed();
  await quietly(send({ contact: true }, { contact: { phone_number: me.phone, first_name: me.first_name, last_name: me.last_name, user_id: me.id } }));
}

function shareStranger() {
  const name = h("input", { name: "name", required: true, maxlength: 64, value: "Серік", autofocus: true });
  const phone = h("input", { name: "phone", type: "tel", required: true, value: "+77010000001" });
  openDialog({
    title: t("attachStranger"),
    content: [field(t("firstName"), name), field(t("phone"), phone)],
    buttons: [cancelButton(), dialogButton(t("share"), "yes", { class: "dialog-button strong" })],
    onClose: (value) => {
      if (value !== "yes") return;
      const contact = { phone_number: phone.value.trim(), first_name: name.value.trim() };
      quietly(send({ contact }, { contact }));
    },
  });
}

/** `agreed` as above. */
export function shareLocation(agreed = () => {}) {
  const coordinate = (value) => h("input", { type: "number", step: "any", required: true, value });
  const [latitude, longitude] = [coordinate(TOWNS[0][1]), coordinate(TOWNS[0][2])];
  const picture = h("div", { class: "map-preview" });
  const redraw = () => picture.replaceChildren(map(Number(latitude.value), Number(longitude.value)));
  const town = h(
    "select",
    {
      autofocus: true,
      onchange: () => {
        [latitude.value, longitude.value] = TOWNS[town.selectedIndex].slice(1);
        redraw();
      },
    },
    TOWNS.map(([name]) => h("option", {}, name)),
  );
  for (const input of [latitude, longitude]) input.addEventListener("input", redraw);
  redraw();
  openDialog({
    title: t("shareLocationTitle"),
    testid: "location-dialog",
    content: [picture, field(t("locality"), town), h("div", { class: "field-pair" }, field(t("latitude"), latitude), field(t("longitude"), longitude))],
    buttons: [cancelButton(), dialogButton(t("share"), "yes", { class: "dialog-button strong", testid: "location-yes" })],
    onClose: (value) => {
      if (value !== "yes") return;
      agreed();
      const location = { latitude: Number(latitude.value), longitude: Number(longitude.value) };
      quietly(send({ location }, { location }));
    },
  });
}

/** A file of the person's own; the bot downloads it as it would from Telegram. */
function shareDocument() {
  const input = h("input", { type: "file", testid: "document-file" });
  input.addEventListener("change", () => {
    const [chosen] = input.files;
    if (!chosen) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      const content = reader.result.slice(reader.result.indexOf(",") + 1);
      quietly(send({ document: { name: chosen.name, content } }, { document: { file_name: chosen.name, url: "#" } }));
    });
    reader.readAsDataURL(chosen);
  });
  input.click();
}

/** The attach menu's items. */
export const attachItems = () => [
  { label: t("attachContact"), icon: icon("contact"), testid: "attach-contact", act: shareContact },
  { label: t("attachStranger"), icon: icon("stranger"), testid: "attach-stranger", act: shareStranger },
  { label: t("attachLocation"), icon: icon("pin"), testid: "attach-location", act: shareLocation },
  { label: t("attachPhoto"), icon: icon("photo"), testid: "attach-photo", act: () => quietly(send({ photo: true }, { photo: {} })) },
  { label: t("attachDocument"), icon: icon("file"), testid: "attach-document", act: shareDocument },
  { label: t("attachSticker"), icon: icon("sticker"), testid: "attach-sticker", act: () => quietly(send({ sticker: "🙂" }, { text: "🙂" })) },
];
