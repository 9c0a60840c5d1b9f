"""How the portal and we sign what we send each other: one scheme for both directions."""

import hmac
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

SIGNED_WITHIN = 300
"""Seconds that what is signed may be old, or early."""


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Hex HMAC-SHA256 of `timestamp.body`; `timestamp` is Unix seconds, as in the header."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, sha256).hexdigest()


def problem(
    secrets: Sequence[str], timestamp: str, signature: str, body: bytes, now: datetime
) -> str | None:
    """Why a signature is not accepted under any of the secrets; None when it is."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return "X-Timestamp must be Unix seconds"
    made = [sign(secret, timestamp, body).encode() for secret in secrets]
    if not any(hmac.compare_digest(signature.encode(), one) for one in made):
        return "X-Signature is not the HMAC-SHA256 of timestamp.body"
    if abs(now.timestamp() - int(timestamp)) > SIGNED_WITHIN:
        return "X-Timestamp is more than five minutes away from our time"
    return None
