"""Have a browser for the tests: one of this machine, else the one that the npm lock carries, unpacked."""

import ctypes.util
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import node

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "node_modules" / "@sparticuz" / "chromium"
ON_PATH = ("chromium-headless-shell", "chromium", "google-chrome")
ABSENT = "No browser for the tests. `make browser` unpacks one; or put Chromium on the PATH."
INFLATE = """
const { createReadStream, createWriteStream } = require("node:fs");
const { createBrotliDecompress } = require("node:zlib");
const [source, target] = process.argv.slice(-2);
require("node:stream").pipeline(createReadStream(source), createBrotliDecompress(),
  createWriteStream(target), (fault) => { if (fault) throw fault; });
"""


def of_this_machine() -> str | None:
    """Find the browser that CHROMIUM_PATH names, else one on the PATH."""
    named = os.environ.get("CHROMIUM_PATH")
    return named or next(filter(None, map(shutil.which, ON_PATH)), None)


def unpacked_folder() -> Path | None:
    """Say where the packed browser lies or would lie once unpacked; None when it is not installed."""
    stated = PACKAGE / "package.json"
    if not stated.exists():
        return None
    version = json.loads(stated.read_text(encoding="utf-8"))["version"]
    return ROOT / ".cache" / f"chromium-{version}"


def find_browser() -> tuple[str, dict[str, str]] | None:
    """Return the browser's path and the environment it needs, or None when there is none."""
    if machine := of_this_machine():
        return machine, {}
    folder = unpacked_folder()
    if folder is None or not (folder / "chromium").exists():
        return None
    # Its own copies of the security libraries serve where the machine has none.
    libraries = {} if ctypes.util.find_library("nss3") else {"LD_LIBRARY_PATH": str(folder / "lib")}
    return str(folder / "chromium"), libraries


def inflate(source: Path, target: Path) -> None:
    """Unpack one brotli file; node does it, for Python has no brotli of its own."""
    subprocess.run(node.command("node", ["-e", INFLATE, "--", str(source), str(target)]), check=True)


def unpack(folder: Path) -> None:
    """Unpack browser and libraries into a new folder, which gets its name only when it is whole."""
    print("No Chromium on the PATH: unpacking the packaged one.")
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    inflate(PACKAGE / "bin" / "chromium.br", partial / "chromium")
    (partial / "chromium").chmod(0o755)
    for name in ("al2023.tar", "swiftshader.tar"):
        inflate(PACKAGE / "bin" / f"{name}.br", partial / name)
        with tarfile.open(partial / name) as archive:
            # A Python before 3.11.4 knows no filter; the package is locked by its hash anyway.
            if hasattr(tarfile, "data_filter"):
                archive.extraction_filter = tarfile.data_filter
            archive.extractall(partial)
        (partial / name).unlink()
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def main() -> int:
    """Make sure there is a browser, or say how to get one."""
    if find_browser() is None and (folder := unpacked_folder()):
        unpack(folder)
    if find_browser() is None:
        print(ABSENT, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
