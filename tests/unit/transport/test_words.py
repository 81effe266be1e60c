"""What a coach says to somebody."""

from shared.programme import load_programme
from tests.support.transport import PROGRAMME
from transport.domain import words


def test_people_are_addressed_with_je() -> None:
    """As on the pages; with the stop, where the programme has one."""
    run = load_programme(PROGRAMME).run("t1-b2")
    said = words.your_run(run)
    assert (said.nl, said.en) == ("Je rit is B2 · Stop B", "Your run is B2 · Stop B")
