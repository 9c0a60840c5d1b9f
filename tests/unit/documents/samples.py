"""Facts as core signs them, and the record of their signature."""

from datetime import datetime
from typing import Any

from core.clock import ALMATY
from documents.parts import Signed

GENERAL: dict[str, Any] = {
    "registration_number": "ОДО.2026.248",
    "child_name": "Әбдіғали Айару Нұрланқызы",
    "child_given_name": "Айару",
    "child_birth_date": "2022-09-17",
    "applicant_name": "Әбдіғали Сәуле Төлегенқызы",
    "district": "kokshetau",
    "kindergarten": "«Мадина» білім беру ұйымының бөбекжай-бақшасы",
    "kind": "nursery_garden",
    "ownership": "private",
    "kindergarten_phone": "+7 775 875 9999",
    "address": "Көкшетау қ., Абай көшесі, 12",
    "place_language": "kk",
    "mode": "general",
    "until": None,
    "withdraw_on": None,
}
TEMPORARY: dict[str, Any] = GENERAL | {
    "kindergarten": "ГККП «Ясли-сад «Арман»",
    "ownership": "state",
    "address": None,
    "place_language": "ru",
    "mode": "temporary",
    "until": "2026-04-30",
    "withdraw_on": "2026-05-04",
}
SIGNED: Signed = {
    "id": 17,
    "signed_at": datetime(2026, 4, 8, 10, 32, tzinfo=ALMATY),
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "method": "sms_code",
}
