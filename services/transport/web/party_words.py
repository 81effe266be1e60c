"""What the script of a party's page says; `{…}` is filled in there, a pair is for one and for many."""

from typing import Any

from shared.web.texts import translate as _


def words() -> dict[str, Any]:
    """All of it, in the language of this request."""
    return {
        "loading": _("The list is coming …"),
        "failed": _("The list does not come in: {why}"),
        "retry": _("Try again"),
        "aboard": _("aboard"),
        "all_aboard": _("Everybody is aboard"),
        "to_come": [_("1 still to come"), _("{n} still to come")],
        "departs": _("departs {at}"),
        "departed": _("left {at}"),
        "late": [_("1 minute late"), _("{n} minutes late")],
        "all_here": _("Everybody is here"),
        "all_rest": [_("The last one is here"), _("The other {n} are here")],
        "tick": _("{name} is here"),
        "untick": _("take back {name}"),
        "told": [_("1 person is passed on"), _("{n} people are passed on")],
        "undo": _("Undo"),
        "kept": [
            _("1 tap is kept on this phone until there is network."),
            _("{n} taps are kept on this phone until there is network."),
        ],
        "refused": _("The coordinator's list did not take it: {why}"),
        "leader": _("Your name"),
        "leader_why": _("So that the coordinator knows who said it."),
        "coordinator": _("Is somebody wrongly aboard? Tell the coordinator at the coach."),
        "before": _("Boarding has not begun: you can tick as soon as the coach is there."),
        "last_call": _("Last call: the coach leaves in a moment."),
        "gone": _("The coach has left. Whoever is not aboard: call the coordinator."),
        "halted": _("The coach stands still. The coordinator tells you what happens next."),
        "cancelled": _("This run is cancelled. The coordinator tells you where your people go."),
        "over": _("This run is over. The names are gone from this phone."),
        "expired": _("This link is not good any more: ask the coordinator for a new one."),
        "states": {
            "listed": "",
            "off": _("got off"),
            "aboard": _("aboard"),
            "arrived": _("arrived"),
            "excused": _("does not come along"),
            "left-behind": _("left behind"),
            "unconfirmed": _("not seen yet"),
            "found": _("found"),
            "waiting": _("being passed on …"),
            "kept": _("kept"),
        },
    }
