/** What the bot told Telegram about itself, read from the Bot API calls it made. */
import { get } from "./api.js";

const parsed = (value) => (typeof value === "string" ? JSON.parse(value) : value);

/** Telegram's order in a private chat: the chat's own, then all private chats, then the default;
 *  in each, the person's language before none (Bot API, "Determining list of commands"). */
function ranks(user) {
  const scopes = [`chat:${user.id}`, "all_private_chats", "default"];
  return scopes.flatMap((scope) => [`${scope}|${user.language_code ?? ""}`, `${scope}|`]);
}

function rankOf(params) {
  const scope = params.scope ? parsed(params.scope) : { type: "default" };
  const name = scope.type === "chat" ? `chat:${scope.chat_id}` : scope.type;
  return `${name}|${params.language_code ?? ""}`;
}

async function newest(method, user, pick) {
  const calls = (await get(`/sim/calls?method=${method}`)).filter((call) => pick(call.params));
  for (const rank of ranks(user)) {
    const call = calls.filter((one) => rankOf(one.params) === rank).pop();
    if (call) return pick(call.params);
  }
  return null;
}

/** → [{command, description}] as that person sees them */
export const commandsFor = async (user) =>
  (await newest("setMyCommands", user, (params) => params.commands && parsed(params.commands))) ?? [];

/** → the text of an empty chat, or null */
export const descriptionFor = (user) => newest("setMyDescription", user, (params) => params.description);
