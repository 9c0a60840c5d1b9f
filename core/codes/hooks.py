"""What those who ask for codes may give to them: words, and what goes with a code's delivery."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.codes.tables import CodeRecord

Text = Callable[[str, str, str], str]
"""Purpose, language and digits in, the text of the message out."""
OnDelivered = Callable[[AsyncSession, CodeRecord], Awaitable[None]]
"""Called inside the transaction that marks a code delivered."""
OnGivenUp = Callable[[AsyncSession, CodeRecord, datetime], Awaitable[None]]
"""The same for one that is not tried any more."""
StillWanted = Callable[[AsyncSession, CodeRecord], Awaitable[bool]]
"""Called first when what came of a delivery is recorded: locks what the code is for."""
