"""What only the organiser looks at: scanners and the quarantine."""

from flask import Blueprint, Response

from checkin.web.deps import Deps
from checkin.web.parts import MOST, PAGING, as_json, page
from checkin.web.shapes import AsideList, ScannerList, aside_line, scanner_line
from shared.web.auth import needs
from shared.web.openapi import operation


def blueprint(deps: Deps) -> Blueprint:
    """The routes `/api/v1/scanners` and `/api/v1/quarantine`."""
    routes = Blueprint("organiser", __name__)

    @routes.get("/api/v1/scanners")
    @needs("organiser")
    @operation("The scanners, where they stand, and whether they are heard.", gives=ScannerList, params=PAGING)
    def scanners() -> Response:
        lines, cursor = page([scanner_line(one) for one in deps.checkin.scanners()], lambda line: line.scanner)
        return as_json(ScannerList(scanners=lines, cursor=cursor))

    @routes.get("/api/v1/quarantine")
    @needs("organiser")
    @operation("Messages that could not be used, newest first.", gives=AsideList, params=PAGING, refuses=(422,))
    def quarantine() -> Response:
        aside = [aside_line(one) for one in deps.checkin.quarantined(MOST)]
        lines, cursor = page(aside, lambda line: f"{line.received} {line.id}", newest_first=True)
        return as_json(AsideList(messages=lines, cursor=cursor))

    return routes
