"""What people call a kindergarten whose name the registers give in full."""

import re

from core.places.search import sort_key

QUOTES = '«»"“”„'
INNERMOST_QUOTED = re.compile(
    rf"[«„]\s*([^{QUOTES}]+?)\s*[»“”]"
    # a straight quote opens before a word and closes after one, and looks the same either way
    rf"|[«\"“”„](?=\S)([^{QUOTES}]*[^\s{QUOTES}])[»\"“”](?!\w)"
)
FORM = (
    r"(?:государственн(?:ое|ый)|коммунальн(?:ое|ый)|каз[её]нн(?:ое|ый)|частное|предприятие"
    r"|учреждение|товарищество с ограниченной ответственностью|индивидуальный предприниматель"
    r"|гккп|кгкп|кгп|гкп|кгу|гу|тоо|ип|чу"
    r"|мемлекеттік|коммуналдық|қазыналық|кәсіпор(?:ны|ын)|мекемесі"
    r"|жауапкершілігі шектеулі серіктестігі|жеке кәсіпкер|мкқк|кмқк|мкк|кмм|жшс|жк)"
)
LEGAL_FORM = re.compile(rf"^(?:{FORM}\s+)+|(?:\s+{FORM})+$", re.IGNORECASE)


def called(official: str) -> str:
    """The name inside the innermost quotes; where there are none, all of it but the legal form,
    which is the same for hundreds."""
    quoted = INNERMOST_QUOTED.search(official)
    return (quoted[1] or quoted[2]) if quoted else LEGAL_FORM.sub("", official.strip())


def listing_key(official: str) -> str:
    """What the list of places is sorted by: what is shown."""
    return sort_key(called(official))
