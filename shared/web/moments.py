"""`?at=`: a moment of the past that a call is asked about; and others by the same rule."""

from flask import current_app, request

from shared import facts, instants
from shared.web.openapi import Param
from shared.web.problems import wrong_parameter

AHEAD_MS = 5_000  # of the service's clock, as in CONTRACT section 3: whoever asks may have a clock of their own
AT = Param(name="at", about="A moment of the past (RFC 3339); now when left out.", kind=facts.Moment)


def at_ms(name: str = "at") -> int | None:
    """`?at=` in milliseconds, None for now. Raises ProblemError 422 when it is no moment, or one of the future."""
    text = request.args.get(name)
    if text is None:
        return None
    try:
        moment = instants.to_ms(text.replace(" ", "+"))  # a + that was not written as %2B arrives as a space
    except ValueError as error:
        raise wrong_parameter(name, str(error)) from None
    now_ms: int = current_app.extensions["inloop"].clock.now_ms()
    if moment > now_ms + AHEAD_MS:
        now = instants.to_text(now_ms)
        raise wrong_parameter(name, f"is in the future, it is {now} here: leave it out for now, or ask for the past.")
    return moment
