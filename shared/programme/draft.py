"""Every entry of the file validated on its own, so that one mistake does not hide the next."""

from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shared.files import did_you_mean
from shared.programme.schema import SECTIONS, HeadSpec, SectionName, Spec, quoted
from shared.programme.source import Path, Source

_T = TypeVar("_T", bound=Spec)


@dataclass(kw_only=True)
class Draft:
    """The file's entries: those that are right in themselves by section and position, and `source` for the rest."""

    source: Source
    head: HeadSpec | None
    sections: dict[SectionName, dict[int, Spec]] = field(default_factory=dict)

    def specs(self, section: SectionName, kind: type[_T]) -> list[tuple[Path, _T]]:
        """The right entries of a section with their paths."""
        entries = self.sections.get(section, {}).items()
        return [((section, position), spec) for position, spec in entries if isinstance(spec, kind)]

    def raw(self, section: SectionName) -> list[tuple[Path, dict[str, Any]]]:
        """All entries of a section that are mappings, right or wrong, with their paths."""
        return mappings(self.source.data.get(section), (section,))


def mappings(value: Any, path: Path) -> list[tuple[Path, dict[str, Any]]]:
    """The mappings in what may or may not be a list, with their paths."""
    entries = enumerate(value) if isinstance(value, list) else ()
    return [((*path, position), entry) for position, entry in entries if isinstance(entry, dict)]


def make_draft(source: Source) -> Draft | None:
    """Validate all entries, noting every mistake in `source`; None when the file is not a mapping at all."""
    if not isinstance(source.data, dict):
        if not source.errors:
            source.report((), "is empty" if source.data is None else "is not a programme", "start with event: my-day")
        return None
    draft = Draft(source=source, head=_validated(source, HeadSpec, source.data, ()))
    names = {*HeadSpec.model_fields, *SECTIONS}
    for key in source.data.keys() - names:
        remedy = _instead(key, names)
        source.report((key,), "is not known here", remedy, at_key=True)
    for section, model in SECTIONS.items():
        draft.sections[section] = _section(source, section, model)
    if isinstance(source.data.get("locations"), list | None) and not source.data.get("locations"):
        source.report(("locations",), "is missing", "write at least one location")
    return draft


def _section(source: Source, section: SectionName, model: type[Spec]) -> dict[int, Spec]:
    entries = source.data.get(section)
    if entries is None:
        return {}
    if not isinstance(entries, list):
        source.report((section,), f"{quoted(entries)} is not a list", "start every entry with a dash")
        return {}
    found = {position: _validated(source, model, entry, (section, position)) for position, entry in enumerate(entries)}
    return {position: spec for position, spec in found.items() if spec is not None}


def _validated(source: Source, model: type[_T], entry: Any, path: Path) -> _T | None:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            _explain(source, model, path, details)
        return None


def _explain(source: Source, model: type[Spec], path: Path, error: ErrorDetails) -> None:
    """Note one of pydantic's errors in our words."""
    full, value, context = (*path, *error["loc"]), error["input"], error.get("ctx", {})
    if error["type"] == "inloop":
        source.report(full, context["message"], context["remedy"])
    elif error["type"] == "missing":
        source.report(full, "is missing", f"add {error['loc'][-1]}: …")
    elif error["type"] == "extra_forbidden":
        known = _model_at(model, error["loc"][:-1]).model_fields
        source.report(full, "is not known here", _instead(str(error["loc"][-1]), known), at_key=True)
    else:
        source.report(full, *_said(error["type"], value, context))


def _instead(word: str, known: Any) -> str:
    likely = did_you_mean(word, known)
    return f"did you mean {likely}?" if likely else f"take it out, or use one of {', '.join(known)}"


def _said(kind: str, value: Any, context: dict[str, Any]) -> tuple[str, str]:
    if kind.startswith("int_"):
        return f"{quoted(value)} is not a whole number", "write for example 80"
    if kind.startswith("float_"):
        return f"{quoted(value)} is not a number", "write for example 52.3567"
    if kind.startswith("bool_"):
        return f"{quoted(value)} is not yes or no", "write true or false"
    if kind == "literal_error":
        return f"{quoted(value)} is not allowed here", _choices(value, context["expected"])
    if kind == "greater_than_equal":
        return f"{quoted(value)} is too small", f"write {context['ge']} or more"
    if kind == "less_than_equal":
        return f"{quoted(value)} is too large", f"write {context['le']} or less"
    if kind == "string_too_long":
        return f"{quoted(value)} is too long", f"write {context['max_length']} characters or fewer"
    if kind.startswith("string_"):
        return f"{quoted(value)} is not a text", "write a text"
    if kind.startswith(("list_", "too_short")):
        return f"{quoted(value)} is not a list of one or more", "start every entry with a dash"
    return f"{quoted(value)} is not a mapping", "write it as name: value"


def _choices(value: Any, expected: str) -> str:
    words = expected.replace("'", "").replace(" or ", ", ").split(", ")
    likely = did_you_mean(str(value), words)
    return f"did you mean {likely}?" if likely else f"write one of {', '.join(words)}"


def _model_at(model: type[BaseModel], location: tuple[str | int, ...]) -> type[BaseModel]:
    for step in location:
        if isinstance(step, str):
            model = _inner(model.model_fields[step].annotation) or model
    return model


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _inner(part))), None)
