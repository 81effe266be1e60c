"""What the script of the transfer's page says; `{…}` is filled in there, a pair is for one and for many."""

from typing import Any

from shared.web.texts import translate as _


def words() -> dict[str, Any]:
    """All of it, in the language of this request."""
    return {**_numbers(), **_sum(), **_moment(), **_names(), "grades": _grades()}


def _numbers() -> dict[str, Any]:
    return {
        "per_location": _("Headcount per location"),
        "here": _("here now"),
        "here_then": _("here then"),
        "before": _("before"),
        "left": _("left"),
        "aboard": _("aboard"),
        "arrived": _("arrived"),
        "unconfirmed": _("unconfirmed"),
        "left_behind": _("left behind"),
        "missing": _("missing"),
        "own_travel": _("own travel"),
        "run": _("Run"),
        "kerb": _("Kerb place"),
        "state": _("State"),
        "depart": _("Departs"),
        "arrive": _("Arrives"),
        "listed": _("listed"),
        "nameless": _("nameless"),
        "counted": _("counted"),
        "difference": _("difference"),
        "expected": _("{n} expected"),
        "by_own": [_("1 by own means"), _("{n} by own means")],
        "together": _("together"),
        "all_runs": _("All runs"),
        "late": [_("1 minute late"), _("{n} minutes late")],
        "then_known": _("now {n}"),
        "no_runs": _("Nobody drives in this transfer: everybody goes by own means."),
        "to": _("to"),
        "loading": _("The numbers are coming …"),
        "failed": _("The numbers do not come in: {why}"),
        "retry": _("Try again"),
    }


def _sum() -> dict[str, Any]:
    return {
        "registered": _("registered"),
        "on_locations": _("at locations"),
        "in_runs": _("aboard"),
        "underway": _("underway"),
        "away": _("gone for good"),
        "not_seen": _("expected"),
        "holds": _("the sum is right"),
        "breaks": _("The sum is not right: {sum} added up, {registered} registered."),
        "breaks_why": _(
            "Somebody is nowhere, or in two places. Load again; when it stays, tell the organiser and call the roll."
        ),
        "proof": _("Proof"),
        "elsewhere": _("elsewhere"),
    }


def _moment() -> dict[str, Any]:
    return {
        "now": _("Now"),
        "moment": _("Moment"),
        "of_now": _("Stand of {at}, with what we know now."),
        "of_then": _("Stand of {at}, with what was known then."),
        "back": _("Back to now"),
        "known_now": _("as known now"),
        "known_then": _("as known then"),
        "not_begun": _("This transfer has not begun: it starts at {at}."),
    }


def _names() -> dict[str, Any]:
    return {
        "names": _("By name"),
        "who": _("Who"),
        "who_missing": _("Missing"),
        "who_left_behind": _("Left behind"),
        "who_unconfirmed": _("Unconfirmed"),
        "who_without_seat": _("Without a seat"),
        "who_own_travel": _("Own travel"),
        "why_missing": _("Expected in this transfer, whose time is over, and not seen where it goes."),
        "why_left_behind": _("Still to come when their run departed."),
        "why_unconfirmed": _("Their run arrived; nobody saw them there yet."),
        "nobody": _("Nobody is missing"),
        "nobody_why": _("Nobody was left behind, and everybody who arrived was seen."),
        "only_numbers": _("Your role sees numbers only; the coordinators have the names."),
        "call": _("Call {name}"),
        "show_all": _("Show everybody"),
        "unknown_place": _("place not known"),
        "places": {"underway": _("underway"), "away": _("gone for good"), "expected": _("not seen today")},
        "last": _("{place} {at}"),
    }


def _grades() -> dict[str, str]:
    return {
        "scanned": _("{n} scanned"),
        "manual": _("{n} by hand"),
        "counted": _("{n} counted without a name"),
        "implied": _("{n} follow from an arrival"),
        "implied_why": _("Their run arrived, so they are there; their badge was not read there yet."),
        "counted_why": _("These people were counted, not named."),
        "how": _("How we know"),
    }
