"""The bot: conversations, keyboards, screens, and what goes out."""

import gc

WHILE_IMPORTING = (100_000, 50, 100)
"""aiogram makes some 200,000 objects that stay: to look through them again and again takes a tenth
of a start. What runs for long sets its own threshold (`bot.running`)."""

gc.set_threshold(*WHILE_IMPORTING)
