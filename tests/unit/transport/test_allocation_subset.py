"""The table of sums: the choice is the best of all subsets, and earlier parts are taken first."""

from dataclasses import dataclass
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from transport.domain.allocation.subset import Want, choose


@dataclass(frozen=True)
class Part:
    """People who sit, and wheelchairs."""

    name: int
    base: int
    wheels: int = 0


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[Part], int, int, int, Want]:
    """A few parts, and a room that may hold none or all of them."""
    sizes = draw(st.lists(st.tuples(st.integers(1, 9), st.sampled_from((0, 0, 1, 2))), max_size=8))
    seats = draw(st.integers(0, 25))
    wheels = draw(st.integers(0, 3))
    least = draw(st.integers(0, seats))
    want = Want(least=least, aim=draw(st.integers(least, seats)), wheels=draw(st.integers(0, wheels)))
    return [Part(n, *size) for n, size in enumerate(sizes)], seats, wheels, draw(st.integers(0, 4)), want


@given(questions())
def test_no_subset_is_better_than_the_one_chosen(asked: tuple[list[Part], int, int, int, Want]) -> None:
    """Enough wheelchairs, enough seats, near the aim: in that order, beside all subsets there are."""
    parts, seats, wheels, cost, want = asked
    chosen, taken = choose(parts, seats=seats, wheels=wheels, cost=cost, want=want)
    assert taken == sum(one.base + one.wheels * cost for one in chosen) <= seats
    assert sum(one.wheels for one in chosen) <= wheels
    assert len(chosen) == len(set(chosen))

    def key(subset: tuple[Part, ...]) -> tuple[bool, bool, int]:
        total = sum(one.base + one.wheels * cost for one in subset)
        return (sum(one.wheels for one in subset) < want.wheels, total < want.least, abs(total - want.aim))

    fitting = [
        subset
        for size in range(len(parts) + 1)
        for subset in combinations(parts, size)
        if sum(one.base + one.wheels * cost for one in subset) <= seats and sum(one.wheels for one in subset) <= wheels
    ]
    assert key(tuple(chosen)) == min(key(subset) for subset in fitting)


def test_earlier_parts_are_taken_first() -> None:
    """Of two ways to ten seats the one whose parts come first."""
    parts = [Part(0, 6), Part(1, 4), Part(2, 6), Part(3, 4)]
    chosen, _ = choose(parts, seats=10, wheels=0, cost=1, want=Want(least=10, aim=10))
    assert {one.name for one in chosen} == {0, 1}


def test_a_thousand_parts_of_one_size_take_no_longer_than_those_that_fit() -> None:
    """No more of a size are looked at than a room can hold."""
    parts = [Part(number, 7) for number in range(1000)]
    chosen, taken = choose(parts, seats=53, wheels=0, cost=1, want=Want(least=0, aim=53))
    assert (len(chosen), taken) == (7, 49)
