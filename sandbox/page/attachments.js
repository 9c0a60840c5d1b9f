/** What a message can carry besides text: a file, a photo, a place, a contact. */
import { avatar, phoneText } from "./avatar.js";
import { h, icon, s } from "./dom.js";
import { t } from "./language.js";
import { map } from "./map.js";

function file(document) {
  const kind = (document.file_name.split(".").pop() || "").toUpperCase().slice(0, 4);
  return h(
    "a",
    { class: "file", href: document.url, target: "_blank", rel: "noopener", testid: "file", title: t("openFile") },
    h("span", { class: "file-icon" }, icon("file")),
    h("span", { class: "file-about" }, h("span", { class: "file-name" }, document.file_name), h("span", { class: "file-kind" }, kind)),
  );
}

/** The desk's own photos carry no picture: a drawn landscape stands for one. */
function photo(picture) {
  if (picture.url) return h("img", { class: "photo", src: picture.url, alt: t("photo") });
  return s(
    "svg",
    { class: "photo drawn", viewBox: "0 0 280 180", role: "img", "aria-label": t("photo") },
    s("rect", { class: "photo-sky", width: 280, height: 180 }),
    s("circle", { class: "photo-sun", cx: 214, cy: 48, r: 22 }),
    s("path", { class: "photo-far", d: "M0 128 58 76l44 40 52-58 66 66 60-34v90H0Z" }),
    s("path", { class: "photo-near", d: "M0 150c60-26 110-22 160-8s90 6 120-6v44H0Z" }),
  );
}

function place({ latitude, longitude, title, address }) {
  const about = title
    ? h("span", { class: "place-about" }, h("strong", {}, title), address && h("span", {}, address))
    : h("span", { class: "place-about" }, h("span", {}, `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`));
  const where = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return h(
    "a",
    { class: "place", href: where, target: "_blank", rel: "noopener noreferrer", testid: "place", title: t("openMap"), "aria-label": `${t("location")}: ${title ?? ""} ${address ?? ""}` },
    map(latitude, longitude),
    about,
  );
}

function contact(card) {
  const who = { id: card.user_id ?? 3, first_name: card.first_name || t("contact"), last_name: card.last_name };
  return h(
    "div",
    { class: "contact" },
    avatar(who),
    h("span", { class: "contact-about" }, h("strong", {}, [who.first_name, who.last_name].filter(Boolean).join(" ")), h("span", {}, phoneText(card.phone_number))),
  );
}

/** A venue's coordinates are its own or, as in the Bot API, those of its `location`. */
const venue = (v) => place({ ...v.location, ...v });

/** Message → its attachment's element, or null. */
export function attachment(message) {
  if (message.document) return file(message.document);
  if (message.photo) return photo(message.photo);
  if (message.venue) return venue(message.venue);
  if (message.location) return place(message.location);
  if (message.contact) return contact(message.contact);
  return null;
}
