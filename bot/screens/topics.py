"""The instructions by topic: the portal's manual in our own words (R1-R18, D1-D9)."""

import re
from dataclasses import dataclass

from locales.texts import mark


@dataclass(frozen=True)
class Topic:
    """One page. `keywords` are beginnings of words, lower case, of three languages: a text that
    has such words asks for this page."""

    title: str
    body: str
    keywords: tuple[str, ...]


TOPICS: dict[str, Topic] = {
    "entering": Topic(
        mark("How to enter"),
        mark(
            "Press “Enter”, share your phone number and type your IIN. A code comes by SMS: "
            "type it in the chat.\n"
            "The phone and the IIN must be registered together in the citizens' base (MAB). "
            "If they are not, register the number on egov.kz, in eGov Mobile or at a public "
            "service centre.\n"
            "After that you stay signed in for 30 days. On the portal akmola.kz you can also "
            "enter with an EDS key; NCALayer must be installed for it beforehand.\n"
            "Enter with your own data only: using someone else's entails liability under the law."
        ),
        (
            "кіру", "кіре", "код", "жсн", "телефон", "нөмір", "смс", "sms", "маб", "эцқ",
            "вход", "войти", "зайти", "иин", "номер", "бмг", "эцп", "парол",
            "enter", "login", "log", "code", "iin", "phone", "number", "eds", "password",
        ),
    ),
    "queue": Topic(
        mark("The queue and its statuses"),
        mark(
            "<b>In the queue</b>: the child waits; the queue number shows the place inside its "
            "stage. It changes when others get a place or leave, and when stages are renewed.\n"
            "<b>Awaiting confirmation</b>: a voucher is issued, confirm your interest.\n"
            "<b>Voucher issued</b>: choose a kindergarten and sign.\n"
            "<b>On the stop list</b>: interest was not confirmed in time; the place in the queue "
            "can be restored once.\n"
            "<b>Archived</b>: the application is closed. "
            "<b>Enrolled</b>: the contract is signed."
        ),
        (
            "кезек", "мәртебе", "күту", "өтініш",
            "очеред", "статус", "заявлен", "этап",
            "queue", "status", "wait", "application", "turn", "stage",
        ),
    ),
    "voucher": Topic(
        mark("The voucher: 2 working days"),
        mark(
            "When your turn comes, a notice is sent to this chat.\n"
            "Confirm your interest within <b>2 working days</b>: press “Confirm” and type the code "
            "from the SMS. Then you have 5 working days to choose a kindergarten.\n"
            "If you do not confirm in time, the voucher becomes void and the application moves "
            "to the stop list.\n"
            "If you refuse the voucher or remove the child from the queue, the application is "
            "archived and the child leaves the queue. That cannot be undone."
        ),
        (
            "ваучер", "растау", "қызығушылық", "бас", "тарту",
            "подтвер", "отказ", "заинтересован",
            "voucher", "confirm", "refus", "interest",
        ),
    ),
    "stop": Topic(
        mark("The stop list and restoring"),
        mark(
            "An application comes to the stop list when interest was not confirmed in 2 working "
            "days.\n"
            "You can restore your place in the queue <b>once, within 28 calendar days</b>. "
            "The first registration date is kept, and so is the old place.\n"
            "After a second lapse the application is on the stop list again, and can no longer "
            "be restored.\n"
            "When the 28 days are over, the application is archived."
        ),
        (
            "тоқтау", "қалпына", "мұрағат",
            "стоп", "восстанов", "архив",
            "stop", "restor", "archive", "missed",
        ),
    ),
    "choosing": Topic(
        mark("Choosing a kindergarten: 5 working days"),
        mark(
            "After confirming you have <b>5 working days</b> to choose a kindergarten and sign "
            "the electronic contract with it.\n"
            "The list shows the free places of your district: language of instruction, ownership, "
            "admission mode, phone. You can filter it and search by name.\n"
            "While the code from the SMS is valid (5 minutes), the place is held for you. Type "
            "the code, and it is yours.\n"
            "If you do not finish in time, the voucher becomes void and the application is "
            "archived."
        ),
        (
            "балабақша", "бақша", "бөбекжай", "орын", "таңда",
            "сад", "место", "места", "выбор", "выбрат",
            "kindergarten", "place", "choos", "free",
        ),
    ),
    "temporary": Topic(
        mark("A temporary place"),
        mark(
            "It is the place of a child who has left for a sanatorium preschool for a while and "
            "whose own place is kept.\n"
            "Choose it from the same list: the admission mode is “temporary stay”. "
            "Its card tells the last day of attendance.\n"
            "Your child keeps the place in the general queue and goes on waiting for a permanent "
            "one.\n"
            "When the stay ends, the child is withdrawn automatically on the next working day, "
            "and the voucher is annulled."
        ),
        (
            "уақытша", "санатор", "брондау",
            "временн", "брон",
            "tempor", "sanator", "stay",
        ),
    ),
    "documents": Topic(
        mark("Referral and contract"),
        mark(
            "When you sign for a permanent place, the referral and the electronic contract are "
            "made at once; for a temporary place, the referral.\n"
            "They come to this chat as PDF files, in Kazakh and Russian. You find them again under "
            "“Documents” of the application.\n"
            "The kindergarten can ask for further papers when the child starts, for example "
            "a health record: call it beforehand."
        ),
        (
            "құжат", "жолдама", "келісім", "қол", "шарт",
            "документ", "направлен", "договор", "подпис", "справк",
            "document", "referral", "contract", "sign", "pdf",
        ),
    ),
    "days": Topic(
        mark("How days are counted"),
        mark(
            "Working days are Monday to Friday, without public holidays and transferred days "
            "off; a transferred working day counts at weekends too. Day 1 is the next working day "
            "after the voucher is issued or your interest is confirmed.\n"
            "A term ends at the end of its last day: <b>23:59</b>, Kazakhstan time (UTC+5).\n"
            "The 28 calendar days begin on the day after the missed term, and every day counts; if "
            "the last one is a day off, the term ends on the next working day.\n"
            "The moment that counts is when you press. If you press in time and type the code "
            "while it is valid, even after midnight, it still counts.\n"
            "Under each term there is the button “How was this date counted?”"
        ),
        (
            "күн", "мерзім", "жұмыс", "демалыс", "мереке",
            "день", "дней", "дня", "срок", "праздник", "выходн", "рабоч",
            "day", "deadline", "term", "holiday", "date", "working",
        ),
    ),
    "notices": Topic(
        mark("Notices and reminders"),
        mark(
            "When your turn comes, a notice comes to this chat at once. Reminders follow at 09:00 "
            "of the next working days, on the last day at 09:00 and 20:00; on the stop list once "
            "a week, then three days and one day before the end. When you have answered, they "
            "stop.\n"
            "At night, from 21:00 to 08:00, nothing comes but codes and answers to your taps.\n"
            "If you have not opened a notice, an SMS comes at 18:00. If it does not arrive "
            "either, the education department calls you on the last day.\n"
            "A link in an SMS begins with t.me/ and the name of this bot. Open no other link, and "
            "tell nobody the code from an SMS.\n"
            "Under “How was this date counted?” the deadline can be added to your calendar; under "
            "“History” you see what was sent."
        ),
        (
            "хабарлама", "еске", "сілтеме", "қоңырау", "күнтізбеге",
            "уведомлен", "напомин", "сообщен", "ссылк", "звон", "календарь",
            "notice", "notif", "remind", "link", "call",
        ),
    ),
    "data": Topic(
        mark("What happens with your data"),
        mark(
            "Orynbot holds your IIN, full name and phone from the citizens' base (MAB), this chat, "
            "your consent and your queue applications. It needs them to let you in, to send "
            "notices and to record what you sign.\n"
            "Your messages with IIN and codes are deleted from the chat. Codes themselves are "
            "never kept.\n"
            "Under “My data” you see what is held, get it as a file, or withdraw your consent. "
            "Without consent no notices come to this chat; the applications stay in the queue."
        ),
        (
            "дерек", "келісемін", "жеке", "өшіру",
            "данные", "данных", "согласи", "персональн", "удал",
            "data", "consent", "privacy", "delete",
        ),
    ),
}  # fmt: skip

WORD = re.compile(r"\w+")


def nearest(text: str) -> str | None:
    """The topic whose keywords cover most of `text`; None when it has none of them."""
    words = WORD.findall(text[:500].lower())
    scores = {
        name: sum(_covered(word, topic.keywords) for word in words)
        for name, topic in TOPICS.items()
    }
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] else None


def _covered(word: str, keywords: tuple[str, ...]) -> int:
    """Letters of the longest keyword that the word begins with: «орын» says less than «уақытша»."""
    return max((len(keyword) for keyword in keywords if word.startswith(keyword)), default=0)
