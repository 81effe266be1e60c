"""Tokens: who they let in where, and what spoils them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.tokens import INCLUDES, ROLES, Role, make_token, read_token

KEY, NOW_S = "a key", 1_704_970_000.0


def made(role: Role = "host", *, scope: tuple[str, ...] = ()) -> str:
    return make_token(KEY, event="e1", role=role, scope=scope, label="Door 1", now_s=NOW_S, lifetime_s=60)


@pytest.mark.parametrize("role", ROLES)
def test_a_token_gives_back_what_it_was_made_with(role: Role) -> None:
    """Role, event, scope and expiry survive, and the id begins with what it is for."""
    grant = read_token(KEY, made(role, scope=("stadhuis",)), event="e1", now_s=NOW_S)
    assert grant is not None
    assert (grant.role, grant.event, grant.scope, grant.expires_s) == (role, "e1", ("stadhuis",), int(NOW_S) + 60)
    assert grant.id.startswith("door-1-")


def test_the_same_arguments_make_the_same_token_and_others_another_id() -> None:
    """Making is pure, so that a test and a log can name a token."""
    assert made() == made()
    other = make_token(KEY, event="e1", role="host", label="Door 1", now_s=NOW_S + 1, lifetime_s=60)
    ids = [read_token(KEY, token, event="e1", now_s=NOW_S) for token in (made(), other)]
    assert len({grant.id for grant in ids if grant}) == 2


@pytest.mark.parametrize(
    ("key", "event", "now_s"),
    [("another key", "e1", NOW_S), (KEY, "e2", NOW_S), (KEY, "e1", NOW_S + 60)],
    ids=["signed with another key", "for another event", "expired"],
)
def test_a_token_is_good_only_at_its_event_with_its_key_in_its_time(key: str, event: str, now_s: float) -> None:
    """Anything else gives nothing."""
    assert read_token(key, made(), event=event, now_s=now_s) is None


@given(st.text(max_size=300))
def test_no_other_text_is_a_token(text: str) -> None:
    """Garbage gives nothing and raises nothing."""
    assert read_token(KEY, text, event="e1", now_s=NOW_S) is None


@given(st.integers(0, 150), st.integers(1, 255))
def test_a_token_with_one_other_character_is_no_token(position: int, step: int) -> None:
    """Changing any of its characters spoils the signature."""
    token = made("viewer")
    position %= len(token) - 1  # the last character has bits that mean nothing
    spoilt = token[:position] + chr((ord(token[position]) + step) % 128) + token[position + 1 :]
    if spoilt != token:
        assert read_token(KEY, spoilt, event="e1", now_s=NOW_S) is None


def test_host_and_coordinator_stand_beside_each_other_under_the_organiser() -> None:
    """viewer < host, coordinator < organiser < admin."""
    assert {role: sorted(INCLUDES[role]) for role in ROLES} == {
        "viewer": ["viewer"],
        "host": ["host", "viewer"],
        "coordinator": ["coordinator", "viewer"],
        "organiser": ["coordinator", "host", "organiser", "viewer"],
        "admin": ["admin", "coordinator", "host", "organiser", "viewer"],
    }


def test_a_scope_covers_a_location_and_its_rooms_and_nothing_else() -> None:
    """An empty scope is everywhere."""
    narrow = read_token(KEY, made(scope=("stadhuis",)), event="e1", now_s=NOW_S)
    wide = read_token(KEY, made(), event="e1", now_s=NOW_S)
    assert narrow is not None
    assert wide is not None
    assert [narrow.covers(place) for place in ("stadhuis", "stadhuis.raadzaal", "grote-kerk")] == [True, True, False]
    assert wide.covers("grote-kerk")
