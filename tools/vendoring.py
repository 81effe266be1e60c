"""Bring what the pages take from others from npm to `shared/static/vendor`, by the lock file in `tools/vendor`.

python tools/vendoring.py [--check]

Needs node; who only runs Inloop does not, for the files are checked in. `--check` only says whether they are as npm has
them. npm's own address book is used: the lock file has hashes, and names no registry.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent / "vendor"
TARGET = HERE.parents[1] / "shared" / "static" / "vendor"


class Package(NamedTuple):
    """A package of npm: what is taken of it, as (its path there, its name here), and into which folder."""

    name: str
    folder: str
    files: tuple[tuple[str, str], ...]
    inside: str = ""  # the package that brings it, where it must be that one's own


PACKAGES = (
    Package(
        "@fontsource-variable/source-sans-3",
        "source-sans-3",
        (
            ("LICENSE", "LICENSE"),
            ("files/source-sans-3-latin-wght-normal.woff2", "latin.woff2"),
            ("files/source-sans-3-latin-ext-wght-normal.woff2", "latin-ext.woff2"),
        ),
    ),
    Package(
        "barcode-detector",
        "barcode-detector",
        (
            ("LICENSE", "LICENSE"),
            ("dist/es/ponyfill.js", "ponyfill.js"),
            ("dist/es/zxing-exported.js", "zxing-exported.js"),
        ),
    ),
    # the WebAssembly must be the one that the ponyfill was made with: another loads, and fails while it reads
    Package(
        "zxing-wasm",
        "barcode-detector",
        (("LICENSE", "LICENSE.zxing-wasm"), ("dist/reader/zxing_reader.wasm", "zxing_reader.wasm")),
        inside="barcode-detector",
    ),
)
# what is compiled into a file of a package that does not carry this licence itself
COMPILED_IN = (
    ("zxing-cpp, compiled into zxing_reader.wasm (Apache-2.0)", "barcode-detector", "LICENSE.zxing-cpp"),
    ("libzueci, compiled into zxing_reader.wasm (BSD-3-Clause)", "barcode-detector", "LICENSE.libzueci"),
)


def main() -> None:
    """Install, and write or compare."""
    install()
    made = gathered()
    made["HASHES"] = hashes(made).encode()
    made["VENDOR.txt"] = listing().encode()
    if "--check" not in sys.argv[1:]:
        write(made)
    elif different := sorted(name for name, content in made.items() if _there(name) != content):
        sys.exit(f"not as npm has them: {', '.join(different)}. Run `make vendor`.")


def install() -> None:
    """Exactly what the lock file says, none of it run. Ends the program when npm is not there."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to bring files of others (apt install npm); to run Inloop it is not.")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=HERE, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 # a fixed command


def gathered() -> dict[str, bytes]:
    """Every file by its path here."""
    found = {
        f"{one.folder}/{mine}": (root(one) / theirs).read_bytes() for one in PACKAGES for theirs, mine in one.files
    }
    return found | {f"{folder}/{name}": (HERE / name).read_bytes() for _, folder, name in COMPILED_IN}


def root(package: Package) -> Path:
    """Where npm put a package: that of the one that brings it, if it has its own."""
    nested = HERE / "node_modules" / package.inside / "node_modules" / package.name
    return nested if package.inside and nested.is_dir() else HERE / "node_modules" / package.name


def hashes(files: dict[str, bytes]) -> str:
    """As `sha256sum --check` reads them."""
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))


def listing() -> str:
    """Which package each file is from, for people."""
    lines = ["# Files of others, as they came: npm package, version and licence, and its files. Their SHA-256: HASHES."]
    for package in PACKAGES:
        about: dict[str, Any] = json.loads((root(package) / "package.json").read_bytes())
        lines += [f"{about['name']} {about['version']} ({about['license']})"]
        lines += [f"  {package.folder}/{mine}" for _, mine in package.files]
    for said, folder, name in COMPILED_IN:
        lines += [said, f"  {folder}/{name}"]
    return "\n".join(lines) + "\n"


def write(files: dict[str, bytes]) -> None:
    """Put the files in place, and take away what is not among them."""
    for name, content in files.items():
        path = TARGET / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for path in TARGET.rglob("*"):
        if path.is_file() and path.relative_to(TARGET).as_posix() not in files:
            path.unlink()


def _there(name: str) -> bytes | None:
    path = TARGET / name
    return path.read_bytes() if path.is_file() else None


if __name__ == "__main__":
    main()
