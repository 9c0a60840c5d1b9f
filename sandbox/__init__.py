"""The desk: Telegram, an SMS gateway, the citizens' base and the portal, pretended over HTTP."""
