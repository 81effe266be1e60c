"""What the dispatcher's script says; `{…}` is filled in there, a pair is for one and for many."""

from typing import Any

from shared.web.texts import translate as _


def words() -> dict[str, Any]:
    """All of it, in the language of this request."""
    return {**_line(), **_attention(), **_people(), **_proposal(), **_forms(), **_breakdown()}


def _line() -> dict[str, Any]:
    return {
        "day": _("Whole day"),
        "now": _("now"),
        "to": _("to"),
        "free": _("{n} free"),
        "full": _("full"),
        "over": _("{n} too many"),
        "late": [_("1 minute late"), _("{n} minutes late")],
        "depart": _("departs {at}"),
        "departed": _("left {at}"),
        "arrive": _("there {at}"),
        "next": _("next {at} to {place}"),
        "no_next": _("no more runs"),
        "spare": _("spare"),
        "seats": [_("1 seat"), _("{n} seats")],
        "wheelchairs": [_("1 wheelchair place"), _("{n} wheelchair places")],
        "wheelchairs_free": [_("1 wheelchair place free"), _("{n} wheelchair places free")],
        "turn": _("turn-round until {at}"),
        "too_tight": _("not back in time for {at}"),
        "seats_free": [_("seat free"), _("seats free")],
        "leg_none": _("nothing departs in the next 30 minutes"),
        "leg_next": _("next {at}"),
        "replaced_by": _("taken over by {coach}"),
        "no_runs": _("No coaches are planned"),
        "no_runs_why": _("The programme has no runs, or none of them is yours."),
    }


def _attention() -> dict[str, Any]:
    return {
        "attention": _("Attention"),
        "all_well": _("All is well"),
        "all_well_why": _("Everybody has a seat, no run is late, and nobody is on two runs."),
        "without_seat": _("Without a seat"),
        "conflicts": _("On two runs"),
        "stands": _("counts as on {run}"),
        "late_runs": _("Late"),
        "alerts": _("Alerts"),
        "give_seat": _("Give a seat"),
        "back": _("Overview"),
        "loading": _("The runs are coming …"),
        "retry": _("Try again"),
        "failed": _("That did not work: {why}"),
    }


def _people() -> dict[str, Any]:
    return {
        "by_organisation": _("Organisations"),
        "by_group": _("Groups"),
        "by_person": _("People"),
        "search": _("Search on this run"),
        "nobody": _("Nobody has a seat on this run."),
        "no_names": _("Your role sees numbers only."),
        "no_match": _("Nobody by that name on this run."),
        "people": [_("1 person"), _("{n} people")],
        "selected": [_("1 chosen"), _("{n} chosen")],
        "everybody_in": _("Everybody of this group on this run"),
        "drag": _("Drag to another run"),
        "move_to": _("Move to …"),
        "move_title": _("Move {what} to"),
        "clear": _("Clear"),
        "wheelchair": _("wheelchair"),
        "no_organisation": _("Without an organisation"),
        "open_run": _("Page of this run"),
        "broken": _("Breakdown"),
        "not_coming": _("Does not come"),
        "driver": _("Driver"),
        "other_leg": _("goes elsewhere"),
        "gone": _("has left"),
        "states": {"listed": _("to come"), "aboard": _("aboard"), "arrived": _("arrived")},
        "after_drop": _("{n} free after"),
        "short": _("{n} short"),
    }


def _proposal() -> dict[str, Any]:
    return {
        "kinds": {"plan": _("New allocation"), "what-if": _("What if"), "move": _("Move")},
        "working": _("Working it out …"),
        "nothing_changed": _("Nothing is changed yet."),
        "before_after": _("Before and after"),
        "who": _("Who moves"),
        "split": _("Split"),
        "left_over": _("Without a seat then"),
        "why": _("Why"),
        "coaches": _("{n} coaches instead of {m}"),
        "affected": [_("It affects 1 person."), _("It affects {n} people.")],
        "no_moves": _("Nobody has to move."),
        "n_coaches": _("{n} coaches"),
        "n_splits": [_("1 split"), _("{n} split")],
        "n_moves": [_("1 moves"), _("{n} move")],
        "not_yet": _("tap to work it out"),
        "no_seat": _("no seat"),
        "apply": _("Do it"),
        "apply_n": [_("Move 1 person"), _("Move {n} people")],
        "drop": _("Leave it"),
        "undo": _("Undo"),
        "done": _("Done: {what}."),
        "undone": _("Undone: everybody sits as before."),
        "stale": _("Meanwhile people boarded or seats changed, so this is not right any more."),
        "again": _("Work it out again"),
        "history": _("History"),
        "no_history": _("Nothing was moved by hand yet."),
        "no_history_why": _("Every proposal and every move will be here, and can be undone."),
        "state": {"proposed": _("proposed"), "applied": _("done"), "undone": _("undone")},
        "wheelchairs_then": _("in a wheelchair: {n} instead of {m}"),
    }


def _forms() -> dict[str, Any]:
    return {
        "plan": _("New allocation"),
        "plan_why": _(
            "Works out anew who sits where. Whoever boarded or left stays, and nothing changes before you say so."
        ),
        "transfer": _("Transfer"),
        "prefer": _("What counts most"),
        "fewest": _("Fewest coaches"),
        "fewest_why": _("Fill coach by coach, so that one may stay away."),
        "even": _("Filled evenly"),
        "even_why": _("The same room in every coach."),
        "propose": _("Work it out"),
        "what_if": _("What if …"),
        "what_if_why": _(
            "Which coach does not come? You see who is affected and who could go where, before anything changes."
        ),
        "choose_coach": _("Coach"),
    }


def _breakdown() -> dict[str, Any]:
    return {
        "breakdown": _("Breakdown"),
        "breakdown_why": _("Another coach takes over the run. Everybody aboard goes with it and is counted again."),
        "choose_run": _("Which run"),
        "relief": _("Relief coach"),
        "other_coach": _("Another coach"),
        "coach_name": _("Name or number"),
        "coach_seats": _("Seats"),
        "coach_wheelchairs": _("Wheelchair places"),
        "coach_plate": _("Plate"),
        "carry": [_("1 person goes over and is counted again."), _("{n} people go over and are counted again.")],
        "seats_then": _("{n} seats instead of {m}"),
        "fits": _("Everybody fits: {n} free after."),
        "fits_not": _("{n} of the list do not fit: they are without a seat until you move them."),
        "wheelchairs_not": _("It has no place for {n} in a wheelchair."),
        "replace": _("Let {coach} take over"),
        "replace_it": _("Let it take over"),
        "replaced_done": _("{coach} drives {run} now."),
        "none_to_replace": _("No run is planned, boarding or driving."),
    }
