"""What the coordinator's page says, by key; `{…}` is filled in by the script, `…_one` is the text for one."""

from shared.web.texts import translate as _


def words() -> dict[str, str]:
    """All of it, in the language of this request."""
    return {
        **_head(),
        **_list(),
        **_thumb(),
        **_done(),
        **_people(),
        **_gate(),
        **_last_call(),
        **_finish(),
        **_count(),
        **_confirm(),
        **_more(),
        **_log(),
        **_badges(),
        **_conflicts(),
    }


def _head() -> dict[str, str]:
    """How the run is."""
    return {
        "aboard_unit": _("aboard"),
        "seen_there": _("seen there"),
        "n_free": _("{n} free"),
        "n_wheel": _("{n} wheelchair places free"),
        "n_wheel_one": _("1 wheelchair place free"),
        "n_nameless": _("{n} without a name"),
        "n_provisional": _("{n} to be counted again"),
        "n_difference": _("difference {n}"),
        "n_to_come": _("{n} still to come"),
        "n_to_come_one": _("1 still to come"),
        "n_left_behind": _("{n} left behind"),
        "n_left_behind_one": _("1 left behind"),
        "nobody_left": _("nobody left behind"),
        "n_unconfirmed": _("{n} not seen yet"),
        "n_unconfirmed_one": _("1 not seen yet"),
        "all_aboard": _("everybody is aboard"),
        "state_planned": _("Planned"),
        "state_boarding": _("Boarding"),
        "state_last_call": _("Last call"),
        "state_departed": _("Driving"),
        "state_arrived": _("Arrived"),
        "state_closed": _("Closed"),
        "state_cancelled": _("Cancelled"),
        "state_halted": _("Halted"),
        "at_depart": _("departure {at}"),
        "at_arrive": _("arrival {at}"),
        "in_minutes": _("in {n} min"),
        "right_now": _("now"),
        "minutes_late": _("{n} min late"),
        "link_live": _("live"),
        "link_connecting": _("connecting …"),
        "link_offline": _("no network"),
        "link_offline_since": _("no network since {at}"),
        "link_signed-out": _("signed out"),
        "link_forbidden": _("not yours"),
        "link_trouble": _("service not ready"),
        "n_unsent": _("{n} unsent"),
        "trouble_signed-out": _(
            "Your link is not good any more. What you do is kept on this phone; sign in again and it is sent."
        ),
        "trouble_forbidden": _("This run is not yours: ask the organiser for a link to it."),
        "trouble_trouble": _("The service cannot answer now. Go on: everything is kept on this phone and sent later."),
        "sign_in": _("Sign in"),
        "disk": _("This browser keeps nothing: leave the page open until 0 are unsent."),
    }


def _list() -> dict[str, str]:
    """The passenger list, and what it says when there is none."""
    return {
        "to_come": _("Still to come"),
        "aboard": _("Aboard"),
        "still_aboard": _("Still aboard"),
        "left_behind": _("Left behind"),
        "not_seen_there": _("Not seen yet"),
        "alighted": _("Got off"),
        "excused": _("Not coming along"),
        "no_organisation": _("No organisation"),
        "nameless_person": _("Name not known"),
        "more_about": _("More about {name}"),
        "not_seen": _("not seen today"),
        "by_organisation": _("By organisation"),
        "vouch": _("{n} are aboard"),
        "vouch_one": _("1 is aboard"),
        "passenger_list": _("Passenger list"),
        "loading": _("The passenger list is coming …"),
        "loading_line": _("The first time this needs network; after that it works without."),
        "no_script": _("This page needs scripts: allow them, or use the printed list."),
        "over_closed": _("This run is closed"),
        "over_cancelled": _("This run is cancelled"),
        "over_forgotten": _("Names and phone numbers of this run are gone from this phone."),
        "over_waits": _("Names and phone numbers go from this phone as soon as everything is sent."),
    }


def _thumb() -> dict[str, str]:
    """The buttons that the thumb reaches, and the steps."""
    return {
        "search": _("Search a name"),
        "clear": _("Clear"),
        "scan": _("Scan"),
        "scan_badge": _("Read badges"),
        "count": _("Count"),
        "more": _("More"),
        "n_found": _("{n} found on this list"),
        "n_found_one": _("1 found on this list"),
        "not_on_list": _("Not on this list"),
        "others_none": _("Nobody else by this name."),
        "others_offline": _("Without network only this list can be searched."),
        "take_walk_on": _("take along"),
        "do_open": _("Open boarding"),
        "do_last-call": _("Last call"),
        "do_depart": _("Depart …"),
        "do_arrive": _("Arrived …"),
        "do_close": _("Finish …"),
        "do_resume": _("Drive on"),
        "do_reopen": _("Open again"),
        "do_halt": _("Breakdown"),
        "do_replace": _("Relief coach"),
        "do_cancel": _("Cancel the run"),
        "nothing_to_do": _("Done"),
        "step_open": _("open"),
        "step_last-call": _("last call"),
        "step_depart": _("depart"),
        "step_arrive": _("arrive"),
        "step_close": _("close"),
        "step_resume": _("drive on"),
        "step_reopen": _("open again"),
        "step_halt": _("breakdown"),
        "step_replace": _("relief coach"),
        "step_cancel": _("cancel"),
    }


def _done() -> dict[str, str]:
    """What was done, with its undo."""
    return {
        "undo": _("Take back"),
        "done": _("Done"),
        "close": _("Close"),
        "back": _("Back"),
        "somebody": _("Somebody"),
        "this_act": _("This"),
        "done_aboard": _("{name} is aboard"),
        "done_off": _("{name} got off"),
        "done_alighted": _("{name} got off"),
        "done_excused": _("{name}: {why}"),
        "done_here": _("{name} was seen at {place}"),
        "done_vouched": _("{n} of {party} are aboard"),
        "done_vouched_one": _("1 of {party} is aboard"),
        "done_nameless": _("{change} without a name"),
        "done_undone": _("Taken back"),
        "done_undone_of": _("Taken back for {name}"),
        "done_wait": _("Waiting: departure now {at}"),
        "done_later_depart": _("Departure now {at}"),
        "done_later_arrive": _("Arrival now {at}"),
        "done_alight": _("Everybody got off"),
        "done_conflict": _("{name} is in {run}"),
        "done_step_open": _("Boarding is open"),
        "done_step_last-call": _("Last call: the doors hear it too"),
        "done_step_depart": _("Departed {at}"),
        "done_step_arrive": _("Arrived {at}"),
        "done_step_close": _("The run is closed"),
        "done_step_cancel": _("The run is cancelled; people get another seat"),
        "done_step_reopen": _("Boarding is open again"),
        "done_step_halt": _("Halted: say what happens next"),
        "done_step_replace": _("Relief coach: count everybody again"),
        "done_step_resume": _("On the way again"),
        "step_kept": _("{step} has no effect now; it is kept in the record"),
        "act_refused": _("{name} was not taken: {why}"),
        "act_kept": _("Kept in the record, without effect: {why}"),
        "act_flagged": _("{name}: {flags}"),
        "flag_full": _("the coach is full"),
        "flag_departed": _("after departure"),
        "flag_not-listed": _("walk-on"),
        "flag_other-run": _("had a seat on another run"),
        "flag_elsewhere": _("their own run goes elsewhere"),
    }


def _people() -> dict[str, str]:
    """A person: where last, how to reach, what settles them."""
    return {
        "call": _("Call"),
        "call_who": _("Call {name}"),
        "wheelchair": _("wheelchair"),
        "last_seen": _("{place} {at}"),
        "not_seen_today": _("not seen today"),
        "is_aboard": _("Is aboard"),
        "is_aboard_after_all": _("Is aboard after all"),
        "is_off": _("Not aboard"),
        "is_here": _("At {place}"),
        "chip_own-travel": _("Own travel"),
        "chip_away": _("Gone for good"),
        "chip_stays": _("Stays here"),
        "chip_other-run": _("Other run …"),
        "run_free": _("{run} {at} · {n} free"),
        "no_next_run": _("No other run of this leg."),
        "why_own-travel": _("own travel"),
        "why_away": _("gone for good"),
        "why_stays": _("stays here"),
        "why_other-run": _("other run {run}"),
        "why_not-here": _("was not here"),
        "letter_a": _("still to come"),
        "letter_b": _("aboard, badge read"),
        "letter_c": _("aboard, by hand"),
        "letter_d": _("walk-on"),
        "letter_e": _("from another run"),
        "letter_f": _("got off"),
        "letter_g": _("not coming along"),
        "letter_h": _("left behind"),
        "letter_i": _("at the destination"),
        "letter_j": _("not seen yet"),
        "letter_k": _("found"),
        "letter_l": _("count again"),
        "how_scanned": _("badge read"),
        "how_manual": _("by hand"),
        "how_implied": _("not seen yet"),
        "fact_state": _("Now"),
        "fact_last": _("Last seen"),
        "fact_organisation": _("Organisation"),
        "fact_needs": _("Needs"),
        "fact_together": _("Together with"),
        "fact_row": _("Row on paper"),
        "n_people": _("{n} people"),
        "n_people_one": _("1 person"),
    }


def _gate() -> dict[str, str]:
    """The gate before departure."""
    return {
        "gate_title": _("Departure of {run}"),
        "walk_and_count": _("Walk through the coach and count the heads."),
        "counted_by_hand": _("Counted by hand"),
        "counted_ok": _("OK"),
        "counted": _("counted"),
        "known": _("known"),
        "wipe": _("Wipe a digit"),
        "count_again": _("Count again"),
        "n_scanned": _("{n} scanned"),
        "n_manual": _("{n} by hand"),
        "it_fits": _("it fits"),
        "difference": _("difference"),
        "who_more": _("Counted {counted}, known {known}: who else is in?"),
        "who_fewer": _("Counted {counted}, known {known}: who is not in?"),
        "one_nameless": _("1 without a name"),
        "likely_got_off": _("was aboard and got off"),
        "likely_last_here": _("last seen at this place"),
        "likely_on_list": _("is on the list"),
        "likely_not_seen": _("not seen today"),
        "likely_carried": _("carried over, not counted again"),
        "likely_other_seat": _("had a seat on another run"),
        "likely_by_hand": _("ticked by hand, badge not read"),
        "likely_walk_on": _("walk-on"),
        "likely_was_read": _("badge was read"),
        "likely_mates": _("{n} of the party are aboard"),
        "settle_each": _("{n} are missing: what about each?"),
        "settle_each_one": _("1 is missing: what about them?"),
        "all_settled": _("Nobody is missing."),
        "depart_now": _("Depart now"),
        "depart_anyway": _("Depart all the same …"),
        "depart_with_reason": _("Depart with this reason"),
        "open_first": _("First: {what}."),
        "open_count": _("count by hand"),
        "open_difference": _("explain the difference"),
        "open_settle": _("settle {n} who are missing"),
        "open_settle_one": _("settle 1 who is missing"),
        "who_decides": _("Who decides? (name)"),
        "why_anyway": _("Why all the same?"),
    }


def _last_call() -> dict[str, str]:
    """Wait or go."""
    return {
        "last_call_title": _("Wait or go?"),
        "n_missing": _("{n} are missing"),
        "n_missing_one": _("1 is missing"),
        "nobody_missing": _("Nobody is missing: you can go."),
        "next_seats": _("Seats after this"),
        "delay_touches": _("A delay touches"),
        "touch_line": _("{at} · {late} min late · {n} people"),
        "wait_minutes": _("Wait {n} min"),
        "go_depart": _("Go: depart …"),
    }


def _finish() -> dict[str, str]:
    """At the destination."""
    return {
        "finish_title": _("Finish {run}"),
        "got_off": _("Everybody off?"),
        "n_not_seen": _("{n} rode along and were not seen here yet."),
        "n_not_seen_one": _("1 rode along and was not seen here yet."),
        "all_seen": _("Everybody who rode along was seen here."),
        "all_got_off": _("All got off"),
        "difference_left": _("Difference {n} at departure"),
        "difference_why": _("What was it?"),
        "settle_difference": _("Settle the difference"),
        "walked_back": _("I walked to the back: the coach is empty"),
        "walked_back_line": _("Nobody asleep, nobody in the toilet, nothing left on a seat."),
        "settle_first": _("First settle everybody above."),
        "close_run": _("Close the run"),
    }


def _count() -> dict[str, str]:
    """People without names."""
    return {
        "count_title": _("Count without names"),
        "nameless_line": _("without a name; {all} in the coach with those who are known"),
        "one_more": _("One more"),
        "one_less": _("One less"),
        "a_group": _("A group at once"),
        "fewer": _("Fewer"),
        "more_of_them": _("More"),
        "group_leader": _("Group leader (may be empty)"),
        "add_group": _("Add this group"),
    }


def _confirm() -> dict[str, str]:
    """Steps that are asked for once more, and a relief coach."""
    return {
        "ask_arrive": _("Arrived at {place}?"),
        "ask_arrive_line": _("Everybody aboard then counts as being there."),
        "yes_arrive": _("Yes, arrived"),
        "ask_halt": _("Breakdown?"),
        "ask_halt_line": _(
            "The run stands still; the organiser hears it at once. After this you can drive on, or name a relief coach."
        ),
        "yes_halt": _("Halt the run"),
        "ask_cancel": _("Cancel this run?"),
        "ask_cancel_line": _("Nobody rides on it; everybody gets a seat on another run. This cannot be undone."),
        "yes_cancel": _("Cancel the run"),
        "ask_reopen": _("Open boarding again?"),
        "ask_reopen_line": _("Possible until two minutes after departure, with a reason."),
        "yes_reopen": _("Open again"),
        "reason": _("Reason"),
        "reason_somebody_came": _("somebody came running"),
        "reason_wrong_tap": _("tapped by mistake"),
        "reason_organiser_said": _("the organiser asked"),
        "no_back": _("No, back"),
        "replace_title": _("Relief coach"),
        "replace_line": _("{n} people go along, and are to be counted again."),
        "replace_known": _("Free coaches"),
        "replace_other": _("Another coach"),
        "coach_name": _("Name"),
        "coach_seats": _("Seats"),
        "coach_wheelchairs": _("Wheelchair places"),
        "coach_plate": _("Plate"),
        "yes_replace": _("This coach takes over"),
        "n_seats": _("{n} seats"),
        "n_wheels": _("{n} wheelchair places"),
        "n_wheels_one": _("1 wheelchair place"),
    }


def _more() -> dict[str, str]:
    """What is needed less often."""
    return {
        "later_depart": _("Departs later"),
        "later_arrive": _("Arrives later"),
        "plus_minutes": _("+{n} min"),
        "set_language": _("Language"),
        "set_hand": _("Thumb"),
        "hand_left": _("Left"),
        "hand_right": _("Right"),
        "set_theme": _("Screen"),
        "theme_system": _("As the phone"),
        "theme_light": _("Light"),
        "theme_dark": _("Dark"),
        "set_sound": _("Sound"),
        "set_vibration": _("Vibration"),
        "on": _("On"),
        "off": _("Off"),
        "own_name": _("Your name"),
        "own_name_line": _("Stands with what you do, so that others know who to ask."),
        "coach": _("Coach"),
        "driver": _("Driver"),
        "sign_out": _("Sign out"),
        "sign_out_unsent": _("{n} are not sent yet: wait until they are, then sign out."),
        "share_title": _("A second phone"),
        "share_line": _("Let a second coordinator read this code: they get this run, and no other."),
        "share_party_title": _("For the contact of {party}"),
        "share_party_line": _("Let the group's contact read this code: they see their own people, and say who is in."),
        "share_party": _("Code for the contact of {party}"),
        "share_wait": _("The code is coming …"),
        "share_alt": _("QR code of a sign-in link for this run"),
        "share_failed": _("A code needs network: try again when it is back."),
    }


def _log() -> dict[str, str]:
    """The last acts."""
    return {
        "log_title": _("Last acts"),
        "log_scans": _("Last badges"),
        "log_nothing": _("Nothing yet."),
        "log_no_scans": _("No badge was read yet."),
        "not_sent": _("unsent"),
        "taken_back": _("taken back"),
        "log_aboard": _("{name} aboard"),
        "log_off": _("{name} got off"),
        "log_here": _("{name} seen"),
        "log_away": _("{name} gone for good"),
        "log_excuse": _("{name} settled {why}"),
        "log_vouch": _("Group aboard: {name}"),
        "log_nameless": _("Without a name {n}"),
        "log_count": _("Counted by hand {n}"),
        "log_alight": _("Everybody got off"),
        "log_settle": _("Difference settled"),
        "log_estimate": _("Other time"),
        "log_open": _("Boarding opened"),
        "log_last-call": _("Last call"),
        "log_depart": _("Departed"),
        "log_arrive": _("Arrived"),
        "log_close": _("Closed"),
        "log_cancel": _("Cancelled"),
        "log_reopen": _("Opened again"),
        "log_halt": _("Halted"),
        "log_replace": _("Relief coach"),
        "log_resume": _("Drove on"),
    }


def _badges() -> dict[str, str]:
    """The answers to badges."""
    return {
        "answer": _("Answer to a badge"),
        "verdict_aboard": _("Welcome"),
        "verdict_again": _("Already in"),
        "verdict_departed": _("No: departed"),
        "verdict_closed": _("No: boarding is not open"),
        "verdict_stored": _("Stored"),
        "verdict_off": _("Goodbye"),
        "stored_line": _("This badge is not on this list; the answer comes when there is network."),
        "to_place": _("to {place}"),
        "late_answer": _("Answer to the badge of {at}"),
        "late_done": _("{name}, badge of {at}: {word}"),
        "take_anyway": _("Take along all the same"),
        "go_on": _("Go on"),
    }


def _conflicts() -> dict[str, str]:
    """Somebody on two runs."""
    return {
        "conflict_title": _("{name} was boarded on two runs"),
        "conflict_stands": _("counts now"),
        "conflict_here": _("Is here"),
        "conflict_there": _("Is in {run}"),
    }
