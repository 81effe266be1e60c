"""Made-up sightings for property tests: few people, few places, many ties and voids."""

from hypothesis import strategies as st

from shared.facts import Sighting

PEOPLE = ("p1", "p2", "p3")
ROOMS = {"stadhuis.raadzaal": "stadhuis", "stadhuis.foyer": "stadhuis"}
PLACES = ("grote-kerk", "stadhuis", "stadhuis.raadzaal", "stadhuis.foyer", "t1-b1", "underway", "away")
IDS = tuple(f"{letter}-sighting-{n}" for letter in "aZ_" for n in range(8))


def sightings() -> st.SearchStrategy[Sighting]:
    """One sighting; the same id always means the same sighting, as the contract says."""
    return st.sampled_from(IDS).flatmap(_of_id)


def _of_id(identity: str) -> st.SearchStrategy[Sighting]:
    seed = IDS.index(identity)
    void = IDS[(seed * 7 + 3) % len(IDS)] if seed % 4 == 0 else None
    return st.just(
        Sighting(
            id=identity,
            event="e1",
            person=PEOPLE[seed % len(PEOPLE)],
            place=PLACES[(seed * 5) % len(PLACES)],
            at_ms=1_704_961_800_000 + (seed * 3) % 5,
            how="scanned",
            source="checkin",
            void=void,
        )
    )
