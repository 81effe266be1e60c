"""A transport service with a small day on a real database, without a broker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.mqtt import BrokerAddress
from tests.support.transport import PROGRAMME, HandClock, Make, World
from transport.handlers.allocation_shapes import Proposal
from transport.handlers.allocations import Wish
from transport.settings import Settings
from transport.wiring import Transport, build


@pytest.fixture
def make(database_url: str, tmp_path: Path) -> Iterator[Make]:
    """Makes a migrated service with the small day loaded, on SQLite and on PostgreSQL."""
    made: list[Transport] = []

    def world(*, auto_steps: bool = False) -> World:
        clock = HandClock()
        settings = Settings(
            data=tmp_path,
            database=database_url,
            mqtt=BrokerAddress("127.0.0.1"),
            event=None,
            clock=clock,
            auto_steps=auto_steps,
            log_level="info",
            instance="1",
            share=False,
        )
        transport = build(settings)
        made.append(transport)
        transport.migrate()
        transport.load_programme(PROGRAMME)
        return World(transport, clock, transport.consumer())

    yield world
    for transport in made:
        transport.engine.dispose()


@pytest.fixture
def world(make: Make) -> World:
    """The small day at 09:00, with six people for the mill and two for the hall; p1, p2, p3 and p6 sit on B1."""
    small = make()
    small.cards(
        ("p1", "north", "Almelo", ""),
        ("p2", "north", "Almelo", ""),
        ("p3", "north", "Almelo", "rolstoel"),
        ("p4", "north", "Zwolle", ""),
        ("p5", "north", "Zwolle", ""),
        ("p6", "north", "Ede", ""),
        ("s1", "south", "Oss", ""),
        ("s2", "south", "Oss", ""),
        ("free", "", "", ""),
    )
    small.settle()
    proposal = small.transport.propose(Wish(transfer="t1", persons=("p6",), to="t1-b1"))
    assert isinstance(proposal, Proposal)
    small.transport.apply_allocation(proposal.allocation)
    small.tick()
    return small
