"""`/metrics`: numbers for Prometheus, for this machine or with a token.

With several workers set PROMETHEUS_MULTIPROC_DIR to an empty folder (prometheus_client then adds them up).
"""

import ipaddress
import os
import time
from collections.abc import Callable

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from shared.web.auth import public, require
from shared.web.openapi import operation

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)  # seconds


class Metrics:
    """The numbers of one web process; labels are names of routes, never ids of people."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._collectors: list[Collector] = []
        self.requests = Counter(
            "inloop_http_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "inloop_http_seconds",
            "Seconds until the head of the answer.",
            ("route",),
            registry=self.registry,
            buckets=BUCKETS,
        )
        self.streams = Gauge(
            "inloop_streams", "Open event streams.", registry=self.registry, multiprocess_mode="livesum"
        )

    def gauge(self, name: str, about: str, read: Callable[[], float]) -> None:
        """A number that is read when somebody asks."""
        Gauge(name, about, registry=self.registry).set_function(read)

    def add(self, collector: Collector) -> None:
        """Numbers that are made when somebody asks; the same in every process, so that any one may tell them."""
        self._collectors.append(collector)
        self.registry.register(collector)

    def install(self, app: Flask) -> None:
        """Count and time every request of `app`."""

        def begin() -> None:
            g.began = time.perf_counter()

        def end(response: Response) -> Response:
            route = request.endpoint or "none"
            self.requests.labels(request.method, route, response.status_code).inc()
            if "began" in g:
                self.seconds.labels(route).observe(time.perf_counter() - g.began)
            return response

        app.before_request(begin)
        app.after_request(end)

    def text(self) -> bytes:
        """All numbers, in Prometheus' text format."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self.registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        for collector in self._collectors:
            registry.register(collector)
        return generate_latest(registry)


def blueprint(metrics: Metrics) -> Blueprint:
    """The route `/metrics`."""
    routes = Blueprint("metrics", __name__)

    @routes.get("/metrics")
    @public
    @operation(
        "Numbers for Prometheus: on this machine, or with a token.",
        media={"text/plain": str},
        refuses=(401,),
        database=False,
    )
    def metrics_text() -> Response:
        if not _from_this_machine():
            require("viewer")
        return Response(metrics.text(), content_type=CONTENT_TYPE_LATEST)

    return routes


def _from_this_machine() -> bool:
    """Loopback, and not handed on by a proxy on this machine for somebody elsewhere."""
    if any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
