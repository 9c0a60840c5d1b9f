"""Methods by which the bot gets its updates."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.desk import Desk
from sandbox.errors import BadRequest
from sandbox.parameters import flag, integer, words
from sandbox.state import Json, Webhook


@dataclass(frozen=True)
class Described:
    """A result that comes with words of its own."""

    value: bool
    words: str


def _remember_allowed(desk: Desk, params: Json) -> None:
    allowed = params.get("allowed_updates")
    if isinstance(allowed, list):
        desk.state.webhook.allowed_updates = [str(kind) for kind in allowed]


async def get_updates(desk: Desk, params: Json) -> object:
    _remember_allowed(desk, params)
    limit = min(max(integer(params, "limit", 100), 1), 100)
    seconds = min(max(integer(params, "timeout"), 0), 50)
    batch = await desk.updates.poll(integer(params, "offset"), limit, seconds)
    return [{"update_id": update.id, update.kind: update.body} for update in batch]


async def set_webhook(desk: Desk, params: Json) -> object:
    """Takes http as well as https, as the desk is on this machine."""
    url = words(params, "url")
    if not url:
        return await delete_webhook(desk, params)
    if not re.match(r"https?://\S+$", url):
        raise BadRequest("bad webhook: An HTTPS URL must be provided for webhook")
    secret = words(params, "secret_token")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise BadRequest("secret token contains unallowed characters")
    connections = integer(params, "max_connections", 40)
    if not 1 <= connections <= 100:
        raise BadRequest("max_connections must be between 1 and 100")
    same = desk.state.webhook.url == url
    allowed = desk.state.webhook.allowed_updates
    desk.state.webhook = Webhook(url, secret, allowed, connections)
    _remember_allowed(desk, params)
    if flag(params, "drop_pending_updates"):
        desk.updates.drop_pending()
    desk.updates.webhook_changed()
    return Described(True, "Webhook is already set" if same else "Webhook was set")


async def delete_webhook(desk: Desk, params: Json) -> object:
    was = desk.state.webhook.url
    desk.state.webhook.url = ""
    if flag(params, "drop_pending_updates"):
        desk.updates.drop_pending()
    desk.updates.webhook_changed()
    return Described(True, "Webhook was deleted" if was else "Webhook is already deleted")


async def get_webhook_info(desk: Desk, params: Json) -> object:
    webhook = desk.state.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(desk.state.updates),
    }
    if webhook.url:
        info["max_connections"] = webhook.max_connections
    if webhook.allowed_updates:
        info["allowed_updates"] = webhook.allowed_updates
    if webhook.last_error_at:
        info["last_error_date"] = int(webhook.last_error_at.timestamp())
        info["last_error_message"] = webhook.last_error
    return info


METHODS = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
