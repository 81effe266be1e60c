"""Signing in with a token, and out: the token becomes a cookie that scripts cannot read."""

from flask import Blueprint, Response, current_app, redirect, request
from flask.typing import ResponseReturnValue

from shared.web.auth import COOKIE, public, sign_in_page
from shared.web.tokens import Grant, read_token


def blueprint(*, session_key: str, event: str) -> Blueprint:
    """The routes `/sign-in` and `/sign-out`, for the app at the root of the origin."""
    routes = Blueprint("sign_in", __name__)

    def now_s() -> float:
        return float(current_app.extensions["inloop"].now_s())

    def signed_in_with(token: str, then: str = "/") -> Response:
        granted = read_token(session_key, token, event=event, now_s=now_s())
        if granted is None:
            return sign_in_page(401, refused=True)
        return _session(token, granted, now_s=now_s(), then=then)

    @routes.get("/sign-in")
    @public
    def sign_in_link() -> ResponseReturnValue:
        token = request.args.get("token")
        return sign_in_page(200) if token is None else signed_in_with(token, _own_page(request.args.get("next", "/")))

    @routes.post("/sign-in")
    @public
    def sign_in() -> ResponseReturnValue:
        return signed_in_with(request.form.get("token", "").strip())

    @routes.post("/sign-out")
    @public
    def sign_out() -> ResponseReturnValue:
        response = redirect("/sign-in", 303)
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Lax", secure=request.is_secure)
        return response

    return routes


def _own_page(address: str) -> str:
    """A page of ours to go on to; the board for anything that could lead elsewhere."""
    own = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if own else "/"


def _session(token: str, granted: Grant, *, now_s: float, then: str) -> Response:
    response = Response(status=303, headers={"Location": then})
    response.set_cookie(
        COOKIE,
        token,
        max_age=max(1, int(granted.expires_s - now_s)),
        path="/",
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response
