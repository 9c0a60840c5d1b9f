"""What the worker does: the sweep, codes, offers of another SMS gateway, receipts and notices,
what the staff desk sets going, and telling the portal."""

from bot.long_work import Alone, LongWork
from bot.nursery import Nursery
from bot.outgoing.broadcasts import Broadcasting
from bot.outgoing.codes import OtherGateway
from bot.outgoing.portal import PortalPost
from bot.outgoing.post import Post
from bot.worker import Chore
from core.portal import outbox
from core.services import Core


def chores(
    core: Core,
    post: Post,
    other: OtherGateway,
    long: LongWork,
    broadcasting: Broadcasting,
    nursery: Nursery,
    alone: Alone,
    portal: PortalPost | None = None,
) -> list[Chore]:
    """One of each kind; those that commits can leave work for are woken by them."""

    async def sweep() -> int:
        return await core.sweep.run(core.clock.now())

    async def deliver_codes() -> int:
        due = await core.codes.due(core.clock.now())
        for code_id in due:
            # beside one another: a gateway that hangs must not keep other people's codes
            nursery.start(core.codes.deliver(code_id), name="deliver a code")
        return len(due)

    async def read_receipts() -> int:
        done = 0
        async with alone("receipts") as mine:  # or gateways would be asked twice
            while mine and (handled := await core.receipts.handle(core.clock.now())):
                done += handled
        return done

    notices = Chore("notices", post.send_due, post.due)
    post.when_room = notices.wake
    made = [
        Chore("sweep", sweep, lambda due: due.sweep),
        Chore("codes", deliver_codes, lambda due: due.codes),
        Chore("offers", other.offer_due, lambda due: due.offers),
        Chore("receipts", read_receipts, lambda due: due.receipts),
        notices,
        Chore("distributions", long.distribute, lambda due: due.distributions),
        Chore("renewals", long.renew, lambda due: due.renewals),
        Chore("broadcasts", broadcasting.look, lambda due: due.broadcasts),
    ]
    if portal is not None:
        made.append(Chore(outbox.WORK, portal.tell_due, portal.due))
    for chore in made:
        core.db.on_work(chore.name, chore.wake)
    return made
