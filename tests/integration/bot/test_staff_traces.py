"""What staff do with families' data leaves none of it where it does not belong: in logs, in the
audit log, in callback data, in the names of files, in what a conversation keeps."""

import logging

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.keyboards.staff.exports import JournalButton
from bot.keyboards.staff.families import FamilyButton
from core.applications.tables import ApplicationRecord
from core.audit.tables import AuditRecord
from core.identity.rules import Iin
from core.login.tables import ChatRecord
from core.registry.values import Kind
from core.staff.rules import Role
from locales.texts import texts
from tests import factories
from tests.integration.bot.conftest import IIN, Parent
from tests.integration.bot.test_staff_imports import workbook
from tests.integration.registry import rows
from tests.telegram_stub import buttons

KK = texts("kk")
NAME, NEW_PHONE = "Өмірзақова Мөлдір", "87017654321"
OF_FAMILY, OF_FILE = factories.iin(2), factories.iin(77)
SECRETS = (OF_FAMILY, OF_FILE, factories.iin(900), "7017654321", "7750000000", "Өмірзақова")
ODD = ("=1+1|@x", "\u202eab\u0000", "x" * 4000)
"""What else is typed where a number, a name or a day is waited for."""


async def test_a_day_of_staff_leaves_no_family_in_logs_audit_buttons_and_file_names(
    parent: Parent, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    core, now = parent.core, parent.core.clock.now()
    async with core.db.write() as session:
        await rows.words(session)
    await parent.enter()
    await core.staff.grant(Iin(IIN), Role.ADMINISTRATOR, None, by=None, moment=now)
    family = await factories.application(parent.desk.db, now, 2)
    async with core.db.write() as session:
        record = await session.get_one(ApplicationRecord, family)
        record.child_name = record.applicant_name = NAME
    await core.applications.issue_voucher("ОДО.2026.2", actor="portal", moment=now)
    with capture_logs() as logs:
        await parent.say("/find")
        for wanted in (OF_FAMILY, OF_FAMILY[:-1] + "0", NAME, "ОДО.2026.2", *ODD):
            await parent.say(wanted)
        await parent.press(FamilyButton(family=family, iin=True).pack())
        await parent.tap(KK.plain("Correct the phone"))
        for typed in (*ODD, NEW_PHONE):
            await parent.say(typed)
        await parent.tap(KK.plain("Yes, correct it"))
        await parent.press(JournalButton().pack())
        await parent.dispatcher["nursery"].settled()
        await parent.say("/import")
        citizen = {"iin": OF_FILE, "phone": NEW_PHONE, "full_name": f"{NAME}?"}
        await parent.document(f"{NAME} {OF_FILE}.xlsx", content=workbook(Kind.CITIZENS, citizen))
        await parent.document(f"{NAME}.xlsx", content=NAME.encode() * 9)
        await parent.press("s.rg:operator:kokshetau")
        await parent.say(factories.iin(900))
    async with core.db.read() as session:
        noted = [
            (one.act, one.subjects, one.details)
            for one in await session.scalars(select(AuditRecord))
        ]
        kept = await session.scalar(select(ChatRecord.details).where(ChatRecord.id == parent.id))
    data = [
        button.callback_data
        for call in parent.telegram.calls
        for button in buttons(getattr(call, "reply_markup", None))
    ]
    names = [name for name, _, _ in parent.telegram.documents]
    assert len(noted) > 8
    assert len(names) > 1
    traces = f"{logs} {caplog.text} {noted} {data} {names} {kept}"
    assert [secret for secret in SECRETS if secret in traces] == []
    assert NAME in "\n".join(parent.telegram.texts), "there was something to leave"
