"""The scanner's logic stays in the subset of Python that MicroPython runs."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from firmware_sim import scanner

SOURCE = Path(scanner.__file__)

# What MicroPython's compiler knows and the firmware may use. Left out on purpose: import, match, async, lambda, walrus,
# decorators, star arguments, yield, global, with, set and dict comprehensions: none is needed, so none can surprise.
SYNTAX = {
    *("Module", "Expr", "Constant", "Name", "Load", "Store", "Del", "Attribute", "Subscript", "Slice"),
    *("ClassDef", "FunctionDef", "arguments", "arg", "Return", "Assign", "AnnAssign", "AugAssign", "Delete"),
    *("For", "While", "If", "Break", "Continue", "Pass", "Raise", "Try", "ExceptHandler", "IfExp"),
    *("BoolOp", "And", "Or", "UnaryOp", "Not", "USub", "BinOp", "Add", "Sub", "Mult", "FloorDiv", "Mod"),
    *("Compare", "Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn"),
    *("Call", "keyword", "List", "Tuple", "Dict", "ListComp", "comprehension", "JoinedStr", "FormattedValue"),
}
BUILTINS = {
    "str",
    "int",
    "bool",
    "dict",
    "list",
    "tuple",
    "object",
    "len",
    "range",
    "min",
    "max",
    "divmod",
    "isinstance",
}
METHODS = {"get", "append", "items", "values", "keys", "pop", "insert", "remove"}


def _tree() -> ast.Module:
    return ast.parse(SOURCE.read_text())


def test_only_syntax_that_micropython_compiles() -> None:
    """Every construct of the module is on the list."""
    used = {type(node).__name__ for node in ast.walk(_tree())}
    assert used <= SYNTAX


def test_nothing_is_imported() -> None:
    """The firmware takes the module as it is: no import at all, not even of typing or json."""
    assert not [node for node in ast.walk(_tree()) if isinstance(node, ast.Import | ast.ImportFrom)]


def test_only_builtins_and_methods_that_micropython_has() -> None:
    """Names that the module does not define itself are builtins on the list, and so are methods of builtin types."""
    tree = _tree()
    nodes = list(ast.walk(tree))
    own = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    names = {node.id for node in nodes if isinstance(node, ast.Name)} - own
    called = {node.func.attr for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    assert names <= BUILTINS
    assert called - own <= METHODS


def test_f_strings_have_no_conversions_and_only_plain_formats() -> None:
    """MicroPython's f-strings know neither `!r` nor a format that is itself computed."""
    for node in ast.walk(_tree()):
        if isinstance(node, ast.FormattedValue):
            assert node.conversion == -1
            assert node.format_spec is None or all(
                isinstance(part, ast.Constant) for part in getattr(node.format_spec, "values", [])
            )


SELF_CHECK = """
import scanner
config = {"checkpoint": "kerk-in", "kind": "door", "version": 1, "offline": "admit"}
s = scanner.Scanner({}, "saltsalt", 0)
s.message("config", config, 0)
out = s.read("badge-1", 10, 1704962467120, True, 10)
assert [o[:2] for o in out] == [("store", "append"), ("show", "stored")], out
record = out[0][2]
assert record["scan"]["at"] == "2024-01-11T08:41:07.120Z", record
assert s.read("badge-1", 20, None, True, 20) == []
out = s.connection(True, 5010)
assert [o[:2] for o in out] == [("publish", "scan/door"), ("publish", "state")], out
assert out[0][2]["age_ms"] == 5000, out
s = scanner.Scanner({"seq": 1, "config": config, "records": [record]}, "othersalt", 0)
out = s.connection(True, 5)
assert out[0][2]["age_ms"] is None, out
assert s.tick(1000, None, True)[0][1] == "state"
assert s.tick(2005, None, True)[0][1] == "scan/door"
out = s.message("verdict", {"scan": "saltsalt-1", "outcome": "admit"}, 2010)
assert out[0] == ("store", "drop", {"id": "saltsalt-1"}), out
assert s.pending == []
print("the scanner runs here")
"""


INTERPRETERS = [sys.executable, *filter(None, [shutil.which("micropython")])]


@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda path: Path(path).name)
def test_an_interpreter_runs_it_on_its_own(interpreter: str, tmp_path: Path) -> None:
    """A reading goes through: kept, sent, restored, sent again, answered; on MicroPython itself where that is here."""
    shutil.copy(SOURCE, tmp_path / "scanner.py")
    (tmp_path / "main.py").write_text(SELF_CHECK)
    ran = subprocess.run([interpreter, "main.py"], cwd=tmp_path, capture_output=True, text=True, timeout=30)
    assert (ran.stdout.strip(), ran.stderr) == ("the scanner runs here", "")
