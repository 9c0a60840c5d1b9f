"""Refusals of the Bot API, with its words."""

from __future__ import annotations

from sandbox.state import Json


class ApiError(Exception):
    """`{"ok": false, "error_code": code, "description": …}`; the HTTP status is the code."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def answer(self) -> Json:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class BadRequest(ApiError):
    def __init__(self, words: str) -> None:
        super().__init__(400, f"Bad Request: {words}")


class TooManyRequests(ApiError):
    def __init__(self, retry_after: int) -> None:
        words = f"Too Many Requests: retry after {retry_after}"
        super().__init__(429, words, {"retry_after": retry_after})
