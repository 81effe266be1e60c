"""Errors as RFC 9457 problem details: what happened, and what to do about it; a page of it for people."""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TypeVar

import msgspec
import structlog
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from shared.errors import Unavailable

T = TypeVar("T")
MEDIA_TYPE = "application/problem+json"
LARGEST_BODY = 1024 * 1024  # bytes
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Explain = Callable[[Exception], Unavailable | None]
_log = structlog.get_logger(__name__)


class MemberError(msgspec.Struct, frozen=True):
    """What is wrong with one member of the body, or one parameter."""

    member: str
    detail: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """RFC 9457: `detail` says what happened and the remedy, `errors` name the members that are wrong."""

    type: str
    title: str
    status: int
    detail: str
    instance: str = ""
    errors: tuple[MemberError, ...] = ()


class ProblemError(Exception):
    """An expected refusal of a request; becomes the answer.

    `kind` is the last part of the problem's type, such as `unknown-place`; `detail` ends with the remedy.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        errors: tuple[MemberError, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.errors = errors
        self.headers = dict(headers or {})


_REMEDY = {  # {root} is where the app is mounted
    400: "The request cannot be read: compare it with {root}/api/v1/openapi.json.",
    404: "There is nothing at this address: compare it with {root}/api/v1/openapi.json.",
    405: "This address does not take this method: use one of those in the Allow header.",
    413: f"The body is larger than {LARGEST_BODY} bytes: send it in smaller parts.",
    415: "Send the body as Content-Type: application/json.",
    500: "Something went wrong on our side and was logged: try again, and tell the organiser when it stays.",
    503: "The service cannot answer now: try again in a few seconds.",
}


def install(app: Flask, *, explain: Explain) -> None:
    """Let every error of `app` become a problem, or for a page a page; and refuse large bodies.

    `explain` says of an exception whether it only means that the service cannot answer now.
    """

    def surprise(error: Exception) -> Response:
        known = explain(error)
        return _surprise(error) if known is None else _unavailable(known)

    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.register_error_handler(ProblemError, _expected)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(HTTPException, _from_werkzeug)
    app.register_error_handler(Exception, surprise)


def is_page() -> bool:
    """Whether the request is one of a person with a browser for a page (not of a program)."""
    if request.path.startswith("/api/") or request.path in {"/metrics", "/healthz", "/readyz"}:
        return False
    return request.accept_mimetypes.accept_html and "text/html" in request.headers.get("Accept", "")


def problem(error: ProblemError) -> Response:
    """The answer for an error."""
    title = HTTPStatus(error.status).phrase
    if is_page():
        page = render_template("problem.html", status=error.status, title=title, kind=error.kind)
        response = Response(page, error.status, content_type="text/html; charset=utf-8")
    else:
        content = Problem(
            type=f"urn:inloop:problem:{error.kind}",
            title=title,
            status=error.status,
            detail=str(error),
            instance=here(),
            errors=error.errors,
        )
        response = Response(msgspec.json.encode(content), error.status, content_type=MEDIA_TYPE)
    response.headers.update(error.headers)
    return response


def here() -> str:
    """The path of this request, from the root of the origin."""
    return request.script_root + request.path


def address(path: str) -> str:
    """One of this app's own paths, from the root of the origin."""
    return request.script_root + path


def body(kind: type[T]) -> T:
    """The request's JSON body as `kind`.

    Raises ProblemError: 415 when it is not sent as JSON, 400 when it is not JSON, 422 when a member is wrong.
    """
    if request.mimetype != "application/json":
        sent = request.mimetype or "nothing"
        raise ProblemError(415, "not-json", f"The body came as {sent}: send it as Content-Type: application/json.")
    try:
        return msgspec.json.decode(request.get_data(cache=False), type=kind)
    except (msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        wrong = _member(str(error))
        raise ProblemError(
            422, "wrong-member", f"{wrong.member or 'The body'}: {wrong.detail}.", errors=(wrong,)
        ) from None
    except msgspec.DecodeError as error:
        raise ProblemError(400, "not-json", f"The body is not JSON in UTF-8: {error}.") from None


def wrong_parameter(name: str, detail: str) -> ProblemError:
    """The refusal of one query or path parameter; `detail` ends with the remedy."""
    return ProblemError(422, "wrong-parameter", f"{name}: {detail}", errors=(MemberError(name, detail),))


def whole(name: str, *, default: int, least: int, most: int) -> int:
    """A whole number of the query. Raises ProblemError 422 when it is not one in the range."""
    text = request.args.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise wrong_parameter(name, f"send a whole number from {least} to {most}.")
    return int(text)


def _member(message: str) -> MemberError:
    """msgspec says `Expected x, got y - at `$[3].badge``."""
    match = re.search(r" - at `\$(?P<path>[^`]*)`$", message)
    path = match["path"].lstrip(".") if match else ""
    return MemberError(path, message[: match.start()] if match else message)


def _expected(error: ProblemError) -> Response:
    return problem(error)


def _from_werkzeug(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:  # a redirect, or an answer that is ready
        return Response.force_type(error.get_response())  # type: ignore[return-value] # Flask's own Response here
    status = error.code or 500
    headers = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    kind = re.sub(r"[^a-z]+", "-", HTTPStatus(status).phrase.lower())
    remedy = _REMEDY.get(status, error.description or "").replace("{root}", request.script_root)
    return problem(ProblemError(status, kind, remedy, headers=headers))


def _unavailable(error: Unavailable) -> Response:
    _log.error("cannot answer now", path=here(), why=error.kind)  # once a request: a traceback would say no more
    detail = str(error) if request.method in SAFE else _unstored(error)
    return problem(ProblemError(503, error.kind, detail, headers={"Retry-After": str(error.retry_s)}))


def _unstored(error: Unavailable) -> str:
    """A commit whose answer got lost may have been made all the same: hence `confirmed`."""
    return (
        f"{error.matter}: nothing of this request was confirmed as stored. Keep it (a scanner its scans) and send it "
        f"again, its ids make that safe; {error.remedy}."
    )


def _surprise(error: Exception) -> Response:
    _log.error("request failed", path=here(), error=type(error).__name__, exc_info=error)
    return problem(ProblemError(500, "internal", _REMEDY[500]))
