"""Signed documents as files in the chat."""

import asyncio
from collections.abc import Iterable
from typing import cast

from markupsafe import escape

from bot.screens import history
from bot.tap import Tap
from core.signing.values import Document
from documents.parts import Signed
from documents.pdf import Kind, file_name, render


async def send(tap: Tap, documents: Iterable[Document]) -> None:
    """Send each as a PDF, in Kazakh and Russian. Setting one takes a while, so in a thread."""
    for document in documents:
        kind = cast(Kind, document.kind)
        signed = Signed(
            id=document.signature_id,
            signed_at=document.signed_at,
            digest=document.digest,
            method=document.method,
        )
        data = await asyncio.to_thread(render, kind, document.facts, signed, tap.t.language)
        name = file_name(kind, document.signature_id)
        caption = escape(history.title(document, tap.t))
        await tap.gate.document(tap.chat_id, name, data, caption)


def newest(documents: list[Document]) -> list[Document]:
    """Those of the signature made last, the referral first."""
    latest = max((document.signature_id for document in documents), default=None)
    return sorted(
        (document for document in documents if document.signature_id == latest),
        key=lambda document: document.kind != "referral",
    )
