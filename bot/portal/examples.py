"""One event of each type, as the portal might send it to the house with the demo data."""

from typing import Any

from core.portal.values import BATCH

AT = "2026-04-07T11:30:00+05:00"
DATA: dict[str, dict[str, Any]] = {
    "citizen.put": {
        "iin": "900517400015",
        "phone": "+77750000001",
        "full_name": "Ахметова Айгүл Серікқызы",
        "birth_date": "1990-05-17",
    },
    "application.put": {
        "registration_number": "ОДО.2026.100001",
        "registered_at": "2026-04-07T11:22:10+05:00",
        "district": "kokshetau",
        "category": "aged_3",
        "applicant_iin": "900517400015",
        "applicant_name": "Ахметова Айгүл Серікқызы",
        "applicant_birth_date": "1990-05-17",
        "applicant_phone": "+77750000001",
        "applicant_address": "Көкшетау қаласы, Абай көшесі, 98",
        "child_iin": "230201600019",
        "child_name": "Ахметова Айару Нұрланқызы",
        "child_birth_date": "2023-02-01",
    },
    "kindergarten.put": {
        "district": "kokshetau",
        "name": "«Қарлығаш» бөбекжай-бақшасы",
        "kind": "nursery_garden",
        "ownership": "state",
        "phone": "87162255112",
        "address": "Абай көшесі, 1",
        "latitude": 53.2871,
        "longitude": 69.3905,
    },
    "place.put": {
        "district": "kokshetau",
        "kindergarten": "«Қарлығаш» бөбекжай-бақшасы",
        "language": "kk",
        "mode": "general",
        "total": 10,
    },
    "calendar_day.put": {"date": "2026-06-01", "kind": "transferred_off", "note": "Көшірілді"},
    "voucher.issue": {"registration_number": "ОДО.2026.100001"},
    "voucher.withdraw": {"registration_number": "ОДО.2026.100001", "reason": "wrong_data"},
}
EVENTS = {
    type_: {"id": f"portal-{number}", "type": type_, "at": AT, "data": data}
    for number, (type_, data) in enumerate(DATA.items(), 1)
}
EVENTS[BATCH] = {
    "id": "portal-100",
    "type": BATCH,
    "at": AT,
    "data": {"events": [{"type": type_, "data": data} for type_, data in DATA.items()]},
}
TOLD: dict[str, Any] = {
    "id": "application:248:5",
    "type": "application.changed",
    "at": "2026-04-10T05:12:44+00:00",
    "data": {
        "registration_number": "ОДО.2026.248",
        "district": "kokshetau",
        "event": "take_place",
        "by": "parent",
        "status": "enrolled",
        "last_day": None,
        "version": 5,
        "place": {
            "district": "kokshetau",
            "kindergarten": "«Мадина» білім беру ұйымы ЖМ бөбекжай-бақшасы",
            "language": "ru",
            "mode": "general",
            "until": None,
        },
    },
}
