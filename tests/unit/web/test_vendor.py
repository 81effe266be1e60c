"""What the pages take from others is all named, unchanged, licensed and small."""

import hashlib
import json
import re

from shared.web.app import STATIC
from tools.vendoring import COMPILED_IN, HERE, PACKAGES

VENDOR = STATIC / "vendor"
LISTS = {"VENDOR.txt", "HASHES"}
MOST_BYTES = 1_500_000


def there() -> set[str]:
    return {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()} - LISTS


def test_every_file_has_the_hash_that_it_was_vendored_with() -> None:
    """None is changed by hand, none is missing, none is not listed."""
    lines = (VENDOR / "HASHES").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in there()} == listed


def test_every_file_is_named_with_its_package_version_and_licence() -> None:
    """`VENDOR.txt` is for people; the versions are those of the lock file."""
    lines = (VENDOR / "VENDOR.txt").read_text().splitlines()[1:]
    assert {line.strip() for line in lines if line.startswith("  ")} == there()
    packages = json.loads((HERE / "package-lock.json").read_text())["packages"]
    for package in PACKAGES:
        about = packages[f"node_modules/{package.name}"]
        assert f"{package.name} {about['version']} ({about['license']})" in lines


def test_every_folder_has_the_licences_of_all_that_is_in_it() -> None:
    """Of each package, and of what is compiled into its files."""
    for package in PACKAGES:
        assert any(mine.startswith("LICENSE") and f"{package.folder}/{mine}" in there() for _, mine in package.files)
    assert {f"{folder}/{name}" for _, folder, name in COMPILED_IN} <= there()


def test_it_is_small() -> None:
    """At most 1.5 MB in a clone."""
    assert sum((VENDOR / name).stat().st_size for name in there()) <= MOST_BYTES


def test_the_lock_file_names_no_registry() -> None:
    """Hashes say what is taken; where from is the business of who takes it."""
    text = (HERE / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert text.count('"integrity"') == len(json.loads(text)["packages"]) - 1
    assert not re.search(r"registry|\.tgz", text)


def test_the_reader_of_codes_is_the_one_that_its_wrapper_was_made_with() -> None:
    """Another version loads, and fails while it reads."""
    wrapper = (VENDOR / "barcode-detector" / "zxing-exported.js").read_text()
    assert hashlib.sha256((VENDOR / "barcode-detector" / "zxing_reader.wasm").read_bytes()).hexdigest() in wrapper
