"""A leg for everybody whom the programme itself moves from one location to another."""

from shared.programme.draft import Draft
from shared.programme.schema import GroupSpec, ItemSpec, LegSpec, TransferSpec, clock_text
from shared.programme.source import Path


def check_journeys(draft: Draft) -> None:
    """Note legs that go nowhere or that nobody can be on, and groups that must move and no leg takes."""
    items = [spec for _, spec in draft.specs("items", ItemSpec)]
    for path, transfer in draft.specs("transfers", TransferSpec):
        _legs(draft, path, transfer)
        for _, group in draft.specs("groups", GroupSpec):
            _taken(draft, path, transfer, group.id, items)


def _legs(draft: Draft, path: Path, transfer: TransferSpec) -> None:
    takes: dict[str, str] = {}
    left_over: str | None = None
    for position, leg in enumerate(transfer.legs):
        at = (*path, "legs", position)
        if leg.origin == leg.destination:
            draft.source.report((*at, "destination"), "is the origin too", "write where the leg goes to")
        if not leg.groups and left_over:
            draft.source.report(at, f"leg {left_over} takes everybody left already", "give one of the two its groups")
        left_over = left_over if leg.groups else left_over or leg.id
        for place, group in enumerate(leg.groups):
            if takes.setdefault(group, leg.id) != leg.id:
                message = f"{group} goes with leg {takes[group]} already"
                draft.source.report((*at, "groups", place), message, "leave the group on one leg of a transfer")


def _taken(draft: Draft, path: Path, transfer: TransferSpec, group: str, items: list[ItemSpec]) -> None:
    """A person of this group alone, whom the items move between two locations of this transfer, needs the leg."""
    before = [item for item in items if item.end <= transfer.start and _is_for(item, group)]
    after = [item for item in items if item.start >= transfer.end and _is_for(item, group)]
    if not before or not after:
        return
    last = max(before, key=lambda item: (item.start, bool(item.groups)))
    first = min(after, key=lambda item: (item.start, not item.groups))
    origin, destination = (item.place.partition(".")[0] for item in (last, first))
    ends = {leg.origin for leg in transfer.legs}, {leg.destination for leg in transfer.legs}
    if origin == destination or origin not in ends[0] or destination not in ends[1]:
        return
    leg = _leg_for(transfer, group)
    wanted = f"{first.id} is at {destination} at {clock_text(first.start)}"
    if leg is None:
        message = f"no leg takes {group} from {origin}"
        draft.source.report((*path, "legs"), message, f"{wanted}: add {group} to the groups of a leg")
    elif leg.destination != destination:
        message = f"leg {leg.id} takes {group} to {leg.destination}"
        draft.source.report((*path, "legs"), message, f"{wanted}: move {group} to the leg that goes there")


def _is_for(item: ItemSpec, group: str) -> bool:
    return not item.groups or group in item.groups


def _leg_for(transfer: TransferSpec, group: str) -> LegSpec | None:
    named = next((leg for leg in transfer.legs if group in leg.groups), None)
    return named or next((leg for leg in transfer.legs if not leg.groups), None)
