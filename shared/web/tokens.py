"""Tokens: signed, without a store; what a person or a program may do at one event until a moment.

Both services sign with the same key (`secrets/session.key`), so a token or a session of one is good at the other.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import msgspec
from itsdangerous import BadData, URLSafeSerializer

Role = Literal["viewer", "host", "coordinator", "organiser", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
# what each role may do besides its own: host and coordinator stand beside each other
INCLUDES: Mapping[Role, frozenset[Role]] = {
    "viewer": frozenset({"viewer"}),
    "host": frozenset({"viewer", "host"}),
    "coordinator": frozenset({"viewer", "coordinator"}),
    "organiser": frozenset({"viewer", "host", "coordinator", "organiser"}),
    "admin": frozenset(ROLES),
}
LONGEST = 4096  # characters of a token that are looked at


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a good token gives; `expires_s` is in epoch seconds, an empty `scope` means everywhere."""

    id: str
    event: str
    role: Role
    scope: tuple[str, ...]
    expires_s: int

    def allows(self, *roles: Role) -> bool:
        """Whether it may do what any one of these roles may."""
        return not INCLUDES[self.role].isdisjoint(roles)

    def covers(self, place: str) -> bool:
        """Whether a place (location, room of it, or run) is in its scope."""
        return not self.scope or place in self.scope or place.partition(".")[0] in self.scope


class _Claims(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    event: str
    role: Role
    exp: int
    scope: tuple[str, ...] = ()


def make_token(
    session_key: str,
    *,
    event: str,
    role: Role,
    scope: Iterable[str] = (),
    label: str,
    now_s: float,
    lifetime_s: float,
) -> str:
    """A token for `role` at `event`, good from now for `lifetime_s` real seconds.

    `label` says what it is for, such as `door` or `cli` (never a person's name: it can be read). It begins the token's
    id, so that the log can tell tokens apart; the same arguments give the same token.
    """
    places = tuple(sorted(set(scope)))
    expires_s = int(now_s + lifetime_s)
    unique = hashlib.sha256(msgspec.json.encode([event, role, places, label, now_s, expires_s])).hexdigest()[:10]
    word = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:32] or "token"
    claims = _Claims(id=f"{word}-{unique}", event=event, role=role, scope=places, exp=expires_s)
    token = _signer(session_key).dumps(msgspec.to_builtins(claims))
    return token if isinstance(token, str) else token.decode("ascii")


def read_token(session_key: str, token: str, *, event: str, now_s: float) -> Grant | None:
    """What the token gives at `event` now; None when it is forged, damaged, expired, or for another event."""
    if len(token) > LONGEST:
        return None
    try:
        claims = msgspec.convert(_signer(session_key).loads(token), _Claims)
    except (BadData, msgspec.ValidationError, UnicodeError):
        return None
    if claims.event != event or claims.exp <= now_s:
        return None
    return Grant(id=claims.id, event=claims.event, role=claims.role, scope=claims.scope, expires_s=claims.exp)


def _signer(session_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        session_key,
        salt="inloop.token.1",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
