"""Runs one tier of what proves the program: `./test [TIER] [--edition STACK]… [words for pytest]`.

Without a tier it is the gate, which every change passes. tests/README.md says which tier holds what, and why. At the end
stand the time of each part and, on a line of its own, how many tests of all parts passed and failed.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from provisioner.cli import resources
from provisioner.doctor.container_engine import begin_again_as_member
from provisioner.host.editions import load_stacks

ROOT = Path(__file__).parent.parent
STYLE = {
    "style": ("ruff", "check"),
    "format": ("ruff", "format", "--check"),
    "types": ("mypy",),
    "imports": ("lint-imports",),
}
#: Stations wait as much as they work. A file's tests stay together, in the files' order: the longest are not the last.
_STATIONS = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "--randomly-dont-reorganize")
#: Of all that is random, but in crashes; pytest prints which it takes, and `--randomly-seed=N` repeats a run.
_SEED = "--randomly-seed=2024"
#: How pytest runs each folder of tests/.
_HOW = {
    "unit": ("-n", str(min((os.cpu_count() or 1) + 1, 8)), "--dist", "worksteal", _SEED),  # they wait a little, too
    "whole_way": ("--randomly-dont-reorganize", _SEED, "-s"),
    **dict.fromkeys(("engine", "browser", "days", "proofs"), (*_STATIONS, _SEED)),
    "crashes": _STATIONS,
}


@dataclass(frozen=True)
class Tier:
    """The folders of tests/ that it runs, what it needs of the machine, and whether style, types and imports come first."""

    folders: tuple[str, ...]
    needs: str
    style: bool = False


_ENGINE = "Docker, and the archives of an edition that is chosen"
_BROWSER = "Docker, a browser, and the archives of an edition that is chosen"
TIERS = {
    "gate": Tier(("unit", "whole_way"), "Docker, a browser and npm", style=True),
    "unit": Tier(("unit",), "the Python environment"),
    "engine": Tier(("engine",), f"{_ENGINE}; for some tests root, for four of them wine"),
    "browser": Tier(("browser",), f"{_BROWSER}; for some tests root, for some of them Firefox"),
    "crashes": Tier(("crashes",), f"{_ENGINE}; for most tests root"),
    "days": Tier(("days",), _BROWSER),
    "proofs": Tier(("proofs",), _BROWSER),
    "all": Tier(
        tuple(one for one in _HOW if one != "proofs"), f"{_BROWSER}; for some tests root, wine and Firefox", style=True
    ),
}


@dataclass
class Part:
    """What one part of a run came to, and how many seconds it took."""

    name: str
    passed: int
    failed: int
    seconds: float
    skipped: int = 0

    def __str__(self) -> str:
        told = [f"{number} {word}" for number, word in ((self.failed, "failed"), (self.skipped, "skipped")) if number]
        return f"{self.seconds:7.1f} s  {self.name}{': ' if told else ''}{', '.join(told)}"


def main(words: list[str]) -> int:
    """Run the tier that the words name; 0 where all passed, 1 where something failed, 2 where it can't begin."""
    name = words.pop(0) if words and not words[0].startswith("-") else "gate"
    if name not in TIERS:
        print(f"There is no tier « {name} »: ./test [{'|'.join(TIERS)}] [--edition STACK] [words for pytest]")
        return 2
    tier = TIERS[name]
    print(f"{name}: needs {tier.needs}.", flush=True)
    os.environ.setdefault("TMPDIR", "/var/tmp")  # /tmp may be a part of the memory
    began = time.monotonic()
    if name != "unit":
        with tempfile.TemporaryDirectory(prefix="e5b-") as folder:
            own = _environment(Path(folder), words)
            own["E5B_STATE"] = str(resources.paths().state)  # where the log of an engine that doctor starts stays
            code = subprocess.run(["e5b", "doctor", "--fix"], env=own, check=False).returncode
        begin_again_as_member()
        if code:
            print("This machine isn't ready.\n0 passed, 1 failed")
            return 2
    parts = [Part("machine", 0, 0, time.monotonic() - began)]
    with tempfile.TemporaryDirectory(prefix="e5b-") as folder:
        environment = _environment(Path(folder), words)
        for part, command in STYLE.items() if tier.style else ():
            parts.append(_ran(part, command, environment))
        for part in tier.folders:
            parts.append(_tested(part, words, environment, Path(folder) / f"{part}.xml"))
    print()
    for one in parts:
        print(one)
    print(f"{sum(one.seconds for one in parts):7.1f} s  in all")
    failed = sum(one.failed for one in parts)
    print(f"{sum(one.passed for one in parts)} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def _environment(folder: Path, words: list[str]) -> dict[str, str]:
    """Nothing that lies in a developer's home decides; the archives of an official edition come from his store."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--edition", action="append", default=[])
    stacks, chosen = load_stacks(), parser.parse_known_args(words)[0].edition
    cache = folder / "cache"
    if any(stacks[one].official for one in chosen if one in stacks):
        cache = resources.paths().cache
    (folder / "e5b.toml").touch()
    own = {"E5B_CONFIG": folder / "e5b.toml", "E5B_STATE": folder / "state", "E5B_CACHE": cache}
    left_out = {"E5B_NOW", "PYTEST_ADDOPTS", "PYTHONDONTWRITEBYTECODE"}  # the last: tests start e5b often
    kept = {key: value for key, value in os.environ.items() if key not in left_out}
    return {**kept, **{key: str(path) for key, path in own.items()}}


def _ran(name: str, command: tuple[str, ...], environment: Mapping[str, str]) -> Part:
    print(f"\n{name}: {' '.join(command)}", flush=True)
    began = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    return Part(name, int(not code), int(bool(code)), time.monotonic() - began)


def _tested(name: str, words: list[str], environment: Mapping[str, str], result: Path) -> Part:
    command = ("pytest", f"tests/{name}", *_HOW[name], "--no-skips", f"--junitxml={result}", *words)
    part = _ran(name, command, environment)
    if not result.exists():  # it ended before it could say
        return part
    (suite,) = ET.parse(result).getroot().iter("testsuite")
    told = {key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")}
    failed = told["failures"] + told["errors"]
    part.skipped = told["skipped"]
    part.passed = told["tests"] - failed - part.skipped
    part.failed = max(failed, part.failed)
    return part


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
