"""The day in `/metrics`: read when somebody asks, never by person."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shared.errors import Unavailable
from shared.figures import Figures
from shared.programme import Programme


@dataclass(frozen=True, kw_only=True)
class Day:
    """What is said: `scanners` and `runs` by state, empty where the service does not know them.

    `ingest_age_ms` is real time since the consumer was last seen, None when it never was.
    """

    programme: Programme
    figures: Figures
    ingest_age_ms: int | None
    scanners: Mapping[str, int]
    runs: Mapping[str, int]


class DayMetrics(Collector):
    """Reads a `Day` at every scrape; where the database cannot be used it says so, and nothing else of the day.

    `explain` tells which exceptions mean that.
    """

    def __init__(
        self,
        service: str,
        read: Callable[[], Day],
        *,
        explain: Callable[[Exception], Unavailable | None],
        real_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._service = service
        self._read = read
        self._explain = explain
        self._real_ms = real_ms

    def collect(self) -> Iterator[Metric]:
        """All families."""
        try:
            day, up = self._read(), True
        except Unavailable as error:
            day, up = None, error.kind == "nothing-loaded"
        except Exception as error:
            if self._explain(error) is None:
                raise
            day, up = None, False
        yield self._gauge("database_up", "1 when the database can be read.", float(up))
        if day is not None:
            yield from self._counts(day.figures)
            yield from self._queues(day)
            yield self._people(day)
            yield self._by_state("scanners", "Scanners that were let in.", day.scanners)
            yield self._by_state("runs", "Runs of the programme.", day.runs)

    def _counts(self, figures: Figures) -> Iterator[Metric]:
        scans = CounterMetricFamily(
            "inloop_scans", "Scans answered, each once.", labels=("service", "outcome", "reason")
        )
        for (outcome, reason), count in sorted(figures.scans.items()):
            scans.add_metric((self._service, outcome, reason), count)
        yield scans
        aside = CounterMetricFamily("inloop_quarantined", "Messages set aside.", labels=("service", "kind"))
        for kind, count in sorted(figures.quarantined.items()):
            aside.add_metric((self._service, kind), count)
        yield aside

    def _queues(self, day: Day) -> Iterator[Metric]:
        yield self._gauge("outbox_rows", "Transactions whose messages the broker has not all.", day.figures.outbox_rows)
        oldest_ms = day.figures.outbox_oldest_ms
        age_ms = 0 if oldest_ms is None else max(0, self._real_ms() - oldest_ms)
        yield self._gauge("outbox_oldest_seconds", "Real seconds that the oldest of them waits.", age_ms / 1000)
        if day.ingest_age_ms is not None:
            about = "Real seconds since the consumer's last sign of life."
            yield self._gauge("ingest_age_seconds", about, day.ingest_age_ms / 1000)

    def _people(self, day: Day) -> Metric:
        about = "Persons by place; those in rooms are also in their location's number."
        people = GaugeMetricFamily("inloop_people", about, labels=("service", "kind", "place"))
        for (kind, place), count in sorted(by_place(day.programme, day.figures.present).items()):
            people.add_metric((self._service, kind, place), count)
        return people

    def _by_state(self, name: str, about: str, counts: Mapping[str, int]) -> Metric:
        states = GaugeMetricFamily(f"inloop_{name}", about, labels=("service", "state"))
        for state, count in sorted(counts.items()):
            states.add_metric((self._service, state), count)
        return states

    def _gauge(self, name: str, about: str, value: float) -> Metric:
        one = GaugeMetricFamily(f"inloop_{name}", about, labels=("service",))
        one.add_metric((self._service,), value)
        return one


def by_place(programme: Programme, present: Mapping[str, int]) -> dict[tuple[str, str], int]:
    """Persons by (kind, place), with 0 for every place of the programme; `other` are `underway` and `away`."""
    index = programme.index
    found = {("location", location.id): 0 for location in programme.locations}
    found |= {("room", room.id): 0 for room in programme.rooms}
    found |= {("run", run.id): 0 for run in programme.runs}
    for place, count in present.items():
        if place in index.runs:
            found["run", place] += count
        elif (location := programme.location_of(place)) is not None:
            found["location", location.id] += count
            if place in index.rooms:
                found["room", place] += count
        else:
            found["other", place] = found.get(("other", place), 0) + count
    return found
