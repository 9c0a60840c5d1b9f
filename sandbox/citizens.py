"""The citizens' base (MAB): which phone belongs to which IIN."""

from __future__ import annotations

import hmac

from fastapi import APIRouter, Header, HTTPException
from pydantic import BaseModel

from sandbox.people import Person, normal_phone
from sandbox.settings import DeskSettings
from sandbox.state import Citizen, Json, State


class Pair(BaseModel):
    iin: str
    phone: str


def enter_citizen(state: State, person: Person) -> None:
    """A pair that the base knows already keeps its line."""
    citizen = Citizen(person.iin, person.phone, person.full_name, person.birth_date)
    state.citizens.setdefault(f"{person.iin} {person.phone}", citizen)


def find_citizen(state: State, iin: str, phone: str) -> Citizen | None:
    return state.citizens.get(f"{iin} {phone}")


def routes(state: State, settings: DeskSettings) -> APIRouter:
    router = APIRouter()
    bearer = f"Bearer {settings.desk_secret}"

    @router.post("/mab/lookup")
    async def lookup(pair: Pair, authorization: str = Header(default="")) -> Json:
        """Both numbers must belong together."""
        if not hmac.compare_digest(authorization.encode(), bearer.encode()):
            raise HTTPException(401, "a bearer token is needed")
        try:
            phone = normal_phone(pair.phone)
        except ValueError:
            return {"registered": False}
        citizen = find_citizen(state, pair.iin, phone)
        if citizen is None:
            return {"registered": False}
        return {
            "registered": True,
            "full_name": citizen.full_name,
            "birth_date": citizen.birth_date.isoformat(),
            "phone": citizen.phone,
        }

    return router
