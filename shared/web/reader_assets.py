"""What a page with a badge reader must have at hand when the network is gone: for the list of its service worker."""

from shared.web.app import STATIC


def reader_assets() -> list[str]:
    """Paths below `/static/`: the reader's scripts and style, and what it reads codes with (1.2 MB)."""
    scripts = (path for path in (STATIC / "reader").iterdir() if path.suffix in {".js", ".css"})
    codes = (path for path in (STATIC / "vendor" / "barcode-detector").iterdir() if path.suffix in {".js", ".wasm"})
    return sorted(path.relative_to(STATIC).as_posix() for path in (*scripts, *codes))
