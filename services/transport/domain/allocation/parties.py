"""Who is kept together: atoms by organisation, without one by group; people who travel together join their parties."""

from collections.abc import Sequence

from transport.domain.allocation.pieces import Atom


def parties(atoms: Sequence[Atom]) -> list[list[Atom]]:
    """The atoms of each party; one that belongs to nobody is a party of its own."""
    joined = _Joined()
    keys = [_keys(atom) for atom in atoms]
    for several in keys:
        if len(several) > 1:
            joined.join(several)
    found: dict[object, list[Atom]] = {}
    for atom, own in zip(atoms, keys, strict=True):
        found.setdefault(joined.root(own[0]), []).append(atom)
    return list(found.values())


def _keys(atom: Atom) -> list[object]:
    """What an atom is kept together with."""
    if len(atom.places) == 1:
        organisation, group = atom.places[0]
        return [(0, organisation)] if organisation >= 0 else [(1, group)] if group >= 0 else [atom]
    found: dict[object, None] = {}
    for organisation, group in atom.places:
        if organisation >= 0:
            found[0, organisation] = None
        elif group >= 0:
            found[1, group] = None
    return list(found) or [atom]


class _Joined:
    """Sets that grow together (union-find)."""

    def __init__(self) -> None:
        self._parent: dict[object, object] = {}

    def root(self, key: object) -> object:
        while (parent := self._parent.get(key, key)) != key:
            key = parent
        return key

    def join(self, keys: Sequence[object]) -> None:
        root = self.root(keys[0])
        for key in keys[1:]:
            self._parent[self.root(key)] = root
