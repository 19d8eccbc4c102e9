"""Fill static/vendor/: copy the named front-end files and build the sprite of the icons in use."""

import re
import shutil
import sys
from pathlib import Path

if __package__ is None or __package__ == "":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.icon_names import icons_in_use

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"

FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "tom-select.min.js": "tom-select/dist/js/tom-select.complete.min.js",
    "tom-select.min.css": "tom-select/dist/css/tom-select.bootstrap5.min.css",
}
# Browsers with the developer tools open ask for maps that are not served.
SOURCE_MAP = re.compile(r"\n?(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")
DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
EMPTY_SQUARE = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')
OUTLINE = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'
FILLED = 'fill="currentColor" stroke="none"'


def copy_files() -> None:
    """Copy the served files out of the packages, without their pointers to source maps."""
    for name, source in FILES.items():
        text = (PACKAGES / source).read_text(encoding="utf-8")
        (VENDOR / name).write_text(SOURCE_MAP.sub("\n", text), encoding="utf-8")


def drawing_of(name: str) -> Path:
    """Locate an icon's drawing; a name that ends in -filled is the filled one."""
    icons = PACKAGES / "@tabler" / "icons" / "icons"
    if name.endswith("-filled"):
        return icons / "filled" / f"{name.removesuffix('-filled')}.svg"
    return icons / "outline" / f"{name}.svg"


def symbol(name: str) -> str:
    """Turn one icon into a symbol; its line width is left to the page's style."""
    svg = drawing_of(name).read_text(encoding="utf-8")
    found = DRAWING.search(svg)
    if found is None:
        raise ValueError(f"{drawing_of(name)} is not an svg drawing.")
    strokes = " ".join(EMPTY_SQUARE.sub("", found[1]).split())
    style = FILLED if name.endswith("-filled") else OUTLINE
    return f'<symbol id="{name}" viewBox="0 0 24 24" {style}>{strokes}</symbol>'


def unknown_icons(places: dict[str, set[str]]) -> list[str]:
    """Say, a sentence each, which icons in use have no drawing."""
    return [
        f"Unknown icon {name!r} in {', '.join(sorted(files))}: choose a name of the Tabler icons."
        for name, files in sorted(places.items())
        if not drawing_of(name).exists()
    ]


def main() -> int:
    """Build the whole folder anew, or say what is wrong."""
    places = icons_in_use(ROOT)
    if mistakes := unknown_icons(places):
        print("\n".join(mistakes), file=sys.stderr)
        return 1
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    copy_files()
    sprite = "\n".join(symbol(name) for name in sorted(places))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">\n{sprite}\n</svg>\n'
    (VENDOR / "icons.svg").write_text(svg, encoding="utf-8")
    print(f"static/vendor/: {len(FILES)} files and {len(places)} icons.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
