"""Finding persons, and one person with the day's sightings. Never for a viewer."""

from flask import Blueprint, Response, request

from checkin.web.deps import Deps
from checkin.web.parts import PAGING, after, as_json, cursor_of, limit
from checkin.web.shapes import PersonList, PersonWhole, person_line, person_whole
from shared.web.auth import grant, needs
from shared.web.openapi import Param, operation
from shared.web.problems import ProblemError, address, wrong_parameter
from shared.web.tokens import Grant

LONGEST_QUERY = 200  # characters
Q = Param(name="q", about="Words of name or organisation: any order, typing errors and diacritics forgiven.")
PERSON = Param(name="person", about="The id of a person.", where="path")


def blueprint(deps: Deps) -> Blueprint:
    """The routes below `/api/v1/persons`."""
    routes = Blueprint("persons", __name__)

    @routes.get("/api/v1/persons")
    @needs("host", "coordinator")
    @operation("Search persons; all of them without `q`.", gives=PersonList, params=(Q, *PAGING), refuses=(422,))
    def persons() -> Response:
        q = request.args.get("q", "").strip()
        if len(q) > LONGEST_QUERY:
            raise wrong_parameter("q", f"is longer than {LONGEST_QUERY} characters: send fewer words.")
        found = deps.checkin.persons(q, limit(), after())
        cursor = None if found.cursor is None else cursor_of(found.cursor)
        return as_json(PersonList(persons=tuple(person_line(one) for one in found.persons), cursor=cursor))

    @routes.get("/api/v1/persons/<person>")
    @needs("host", "coordinator")
    @operation(
        "One person with the day's sightings; phone and needs for organisers and unscoped coordinators, else null.",
        gives=PersonWhole,
        params=(PERSON,),
        refuses=(404,),
    )
    def person(person: str) -> Response:
        found = deps.checkin.person(person)
        if found is None:
            search = address("/api/v1/persons?q=")
            raise ProblemError(404, "unknown-person", f"There is no person with this id: {search} finds them.")
        return as_json(person_whole(found, contact=may_see_contact(grant())))

    return routes


def may_see_contact(given: Grant) -> bool:
    """Whether somebody may see how to reach any person, and what they need: coordinators whose token has no scope.

    Those of some runs get the phone numbers of their own passengers from transport; a door needs none (section 8).
    """
    return given.allows("coordinator") and not given.scope
