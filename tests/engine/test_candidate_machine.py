"""What the kit's scripts do to a candidate's machine goes again, whole, whatever happened in between."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from provisioner.network.browser_policies import LINUX
from tests.conftest import OPTIONAL
from tests.unit.test_gateway_files import told


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    """The root of a candidate's machine, with a rule of its own; the kit's scripts beside it."""
    if os.geteuid() != 0:
        pytest.skip(f"the scripts ask for the administrator's rights {OPTIONAL}")
    root = tmp_path / "root"
    (root / "etc/chromium/policies/managed").mkdir(parents=True)
    (root / "var/lib").mkdir(parents=True)
    (root / "etc/chromium/policies/managed/zzz-e5b.json").write_text('{"its": "own"}')
    os.utime(root / "etc/chromium/policies/managed/zzz-e5b.json", (1_700_000_000, 1_700_000_000))
    (root / "etc/firefox/policies").mkdir(parents=True)
    (root / "etc/firefox/policies/policies.json").symlink_to("../../centre.json")
    for name in ("poser", "retirer"):
        (tmp_path / f"{name}.sh").write_text(told()[f"pages/poste/{name}.sh"])
    return root


def run(root: Path, name: str, seconds: float = 30) -> int | None:
    """The exit code of one of the kit's scripts; None where it was killed after so many seconds."""
    words = ["sh", str(root.parent / f"{name}.sh")]
    environment = {**os.environ, "E5B_RACINE": str(root)}
    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return None


def picture(root: Path) -> dict[str, tuple[object, ...]]:
    return {str(path.relative_to(root)): looks(path) for path in root.rglob("*")}


def looks(path: Path) -> tuple[object, ...]:
    if path.is_symlink():
        return (str(path.readlink()),)
    mode = path.stat().st_mode
    return (mode,) if path.is_dir() else (mode, path.read_bytes(), path.stat().st_mtime_ns)


def test_a_candidates_machine_gets_all_browsers_rules_and_is_as_before_afterwards(candidate: Path) -> None:
    before = picture(candidate)
    assert run(candidate, "poser") == 0
    rules = json.loads((candidate / "etc/chromium/policies/managed/zzz-e5b.json").read_text())
    assert "*" in rules["URLBlocklist"]
    assert json.loads((candidate / "etc/firefox/policies/policies.json").read_text())["policies"]
    assert run(candidate, "poser") == 0
    assert run(candidate, "retirer") == 0
    assert picture(candidate) == before


def test_a_candidates_browser_reads_the_rules_whatever_the_administrators_umask(candidate: Path) -> None:
    before = os.umask(0o077)
    try:
        assert run(candidate, "poser") == 0
    finally:
        os.umask(before)
    (candidate / "etc/firefox/policies").chmod(0o755)
    for path in LINUX.values():
        made = (candidate / path.lstrip("/")).relative_to(candidate)
        assert all((candidate / folder).stat().st_mode & 0o005 == 0o005 for folder in list(made.parents)[:-2])
        assert (candidate / made).stat().st_mode & 0o004


@pytest.mark.parametrize("seconds", [0.005, 0.015, 0.03, 0.06])
def test_a_candidates_machine_is_as_before_also_when_the_script_was_killed(candidate: Path, seconds: float) -> None:
    before = picture(candidate)
    run(candidate, "poser", seconds)
    assert run(candidate, "retirer") == 0
    assert picture(candidate) == before
