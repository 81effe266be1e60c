"""Who may: a bearer token or a signed-in session on every route that is not marked public (CONTRACT section 6)."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, g, render_template, request
from flask.typing import ResponseReturnValue

from shared.web.problems import SAFE, ProblemError, is_page
from shared.web.tokens import INCLUDES, ROLES, Grant, Role, read_token

COOKIE = "inloop_session"
_ROLES = "inloop_roles"
View = TypeVar("View", bound=Callable[..., Any])


def needs(*roles: Role) -> Callable[[View], View]:
    """Mark a view: only for who may do what any one of `roles` may."""
    if not roles:
        raise ValueError("name at least one role, or mark the view public")

    def mark(view: View) -> View:
        setattr(view, _ROLES, roles)
        return view

    return mark


def public(view: View) -> View:
    """Mark a view: for everybody, without a token."""
    setattr(view, _ROLES, ())
    return view


def roles_of(view: Callable[..., Any]) -> tuple[Role, ...] | None:
    """The roles a view needs, () when it is public, None when nobody said (then it is refused)."""
    roles: tuple[Role, ...] | None = getattr(view, _ROLES, None)
    return roles


def install(app: Flask, *, session_key: str, event: str, now_s: Callable[[], float]) -> None:
    """Refuse by default: without a good token 401, with too small a role 403. `now_s` is real time, in seconds."""

    def check() -> ResponseReturnValue | None:
        g.grant = _read(session_key, event=event, now_s=now_s())
        if request.routing_exception is not None or request.endpoint is None or _is_static(request.endpoint):
            return None
        roles = roles_of(app.view_functions[request.endpoint])
        if roles is None:
            raise ProblemError(403, "no-role-declared", "This address is for nobody yet: say which role it needs.")
        if roles:
            answer = require(*roles)
            if answer is not None:
                return answer
        _check_origin()
        return None

    app.before_request(check)


def grant() -> Grant:
    """What the sender of this request may. Raises ProblemError 401 on a public route without a token."""
    given: Grant | None = g.get("grant")
    if given is None:
        raise _unauthorized()
    return given


def signed_in() -> Grant | None:
    """The same, None when there is no good token."""
    given: Grant | None = g.get("grant")
    return given


def require(*roles: Role) -> Response | None:
    """Raise ProblemError 401 or 403 unless the request has one of these roles; for a page give the sign-in page."""
    given = signed_in()
    if given is None:
        if is_page():
            return sign_in_page(401)
        raise _unauthorized()
    if not given.allows(*roles):
        *others, last = [role for role in ROLES if not INCLUDES[role].isdisjoint(roles)]
        needed = f"{', '.join(others)} or {last}" if others else last
        raise ProblemError(403, "role", f"The token is for role {given.role}: this needs {needed}.")
    return None


def sign_in_page(status: int, *, refused: bool = False) -> Response:
    """The page where a token makes a session; `refused` says that the one given was not good."""
    return Response(
        render_template("sign-in.html", refused=refused), status, headers={"WWW-Authenticate": 'Bearer realm="inloop"'}
    )


def _read(session_key: str, *, event: str, now_s: float) -> Grant | None:
    header = request.headers.get("Authorization")
    if header is not None:
        token = _token_in(header)
        return None if token is None else read_token(session_key, token, event=event, now_s=now_s)
    cookie = request.cookies.get(COOKIE)
    return read_token(session_key, cookie, event=event, now_s=now_s) if cookie else None


def _token_in(header: str) -> str | None:
    """The token of `Bearer …`, or the password of `Basic …`: some devices, such as trackers, can send nothing else."""
    scheme, _, sent = header.partition(" ")
    if scheme.lower() == "bearer":
        return sent.strip()
    basic = request.authorization
    return basic.password if basic is not None and basic.type == "basic" else None


def _unauthorized() -> ProblemError:
    if "Authorization" in request.headers or COOKIE in request.cookies:
        detail = "The token is not good here: it expired, is damaged, or is for another event. Ask for a new one."
        challenge = 'Bearer realm="inloop", error="invalid_token"'
    else:
        detail = "This needs a token: send Authorization: Bearer …, or sign in. `inloop token ROLE` makes one."
        challenge = 'Bearer realm="inloop"'
    return ProblemError(401, "token", detail, headers={"WWW-Authenticate": challenge})


def _check_origin() -> None:
    """A write that a browser sends with its session must come from our own pages (else another site could send it)."""
    if request.method in SAFE or "Authorization" in request.headers:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    own = site in {"same-origin", "none"} if site is not None else urlsplit(origin or "").netloc == request.host
    if not own:
        raise ProblemError(
            403, "other-origin", "A write with a session must come from our own pages: send a bearer token instead."
        )


def _is_static(endpoint: str) -> bool:
    return endpoint.rpartition(".")[2] == "static"
