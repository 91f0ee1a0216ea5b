"""The log for developers: what an error came from, and no secret; never a reason for a command to fail."""

import logging
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from provisioner.core.masking import MASK, masked
from provisioner.core.model import Credentials
from provisioner.host import debug_log

LOG = logging.getLogger("provisioner.test")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    debug_log.stop()


def written(folder: Path) -> str:
    return (folder / debug_log.NAME).read_text(encoding="utf-8")


def test_nothing_is_written_through_a_link_nor_into_a_folder_that_serves_others(folder: Path) -> None:
    state, elsewhere = folder / "state", folder / "elsewhere"
    state.mkdir()
    (state / debug_log.NAME).symlink_to(elsewhere)
    debug_log.start(state)
    LOG.info("through a link")
    (state / debug_log.NAME).unlink()
    state.chmod(0o777)
    debug_log.start(state)
    LOG.info("where anybody may write")
    assert not elsewhere.exists()
    assert list(state.iterdir()) == []
    state.chmod(0o700)
    debug_log.start(state)
    LOG.info("in a folder of its own")
    assert "in a folder of its own" in written(state)


def test_an_error_is_kept_with_its_cause_and_without_the_passwords_of_candidates(folder: Path) -> None:
    secret = Credentials("candidat", "htre4bs8m9").password
    debug_log.start(folder)
    try:
        try:
            raise ValueError(f"fill({secret!r}) failed")
        except ValueError as cause:
            raise RuntimeError("Le poste ne répond pas.") from cause
    except RuntimeError as error:
        LOG.info("foreseen error", exc_info=error)
    text = written(folder)
    assert "RuntimeError: Le poste ne répond pas." in text
    assert f"ValueError: fill('{MASK}') failed" in text
    assert "Traceback" in text
    assert secret not in text
    assert stat.S_IMODE((folder / debug_log.NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text",
    [
        'HTTP 500 for {"user": "x", "password": "tresor42"}',
        "mysql --password=tresor42",
        "Password: tresor42",
        "proxy http://alice:tresor42@proxy.example:3128 refused",
        "AGE-SECRET-KEY-1TRESOR42",
    ],
)
def test_what_looks_like_a_secret_is_masked_though_nobody_remembered_it(text: str) -> None:
    assert "tresor42" not in masked(text).lower()
    assert MASK in masked(text)


def test_what_commands_a_terminal_is_escaped(folder: Path) -> None:
    debug_log.start(folder)
    LOG.info("\x1b]0;title\x07 of a candidate")
    assert r"\x1b]0;title\x07 of a candidate" in written(folder)


def test_libraries_reach_neither_the_screen_nor_below_a_warning_the_file(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    debug_log.start(folder)
    logging.getLogger("urllib3").debug("GET /version")
    logging.getLogger("urllib3").warning("Retrying")
    LOG.debug("ours")
    assert capfd.readouterr() == ("", "")
    assert "Retrying" in written(folder)
    assert "ours" in written(folder)
    assert "GET" not in written(folder)


def test_shown_on_the_screen_it_repeats_no_step(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    debug_log.start(folder)
    debug_log.show(sys.stderr)
    LOG.info("a step", extra=debug_log.ON_SCREEN)
    LOG.debug("more")
    shown = capsys.readouterr().err
    assert "more" in shown
    assert "a step" not in shown
    assert "a step" in written(folder)


def test_a_folder_that_is_not_there_is_not_made_and_logs_once_it_is(tmp_path: Path) -> None:
    state = tmp_path / "state"
    debug_log.start(state)
    LOG.info("lost")
    assert not state.exists()
    state.mkdir()
    LOG.info("kept")
    assert "kept" in written(state)


def test_a_file_that_can_not_be_written_fails_nothing_and_says_nothing(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / debug_log.NAME).mkdir()
    debug_log.start(folder)
    LOG.info("x")
    assert capfd.readouterr() == ("", "")


def test_it_is_rotated_and_old_ones_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debug_log, "_BYTES", 2000)
    debug_log.start(folder)
    for number in range(300):
        LOG.info("line %s", number)
    kept = sorted(path.name for path in folder.glob(f"{debug_log.NAME}*"))
    assert kept == ["e5b.log", "e5b.log.1", "e5b.log.2", "e5b.log.3"]
    assert all(path.stat().st_size <= 2000 for path in folder.glob(f"{debug_log.NAME}*"))
    assert "line 299" in written(folder)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.glob(f"{debug_log.NAME}*"))


def test_commands_that_run_at_the_same_time_rotate_it_without_an_error(folder: Path) -> None:
    code = (
        "import logging, sys\nfrom pathlib import Path\nfrom provisioner.host import debug_log\n"
        "debug_log._BYTES, debug_log._OLDER = 5000, 50\ndebug_log.start(Path(sys.argv[1]))\n"
        "for n in range(300): logging.getLogger('provisioner.x').info('%s line %s', sys.argv[2], n)\n"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code, str(folder), name], stderr=subprocess.PIPE, text=True)
        for name in "abc"
    ]
    assert [process.communicate(timeout=60)[1] for process in processes] == ["", "", ""]
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob(f"{debug_log.NAME}*"))
    lines = {line.partition("x: ")[2] for line in text.splitlines()}
    assert len([line for line in lines if " line " in line]) > 850


def test_what_is_older_than_a_day_is_forgotten(folder: Path) -> None:
    old, new = "2026-05-20 09:00:00,000 1 INFO x: LE GOFF\nTraceback\n", "2026-05-21 09:00:00,000 1 INFO x: new\nmore\n"
    (folder / f"{debug_log.NAME}.1").write_text(old)
    (folder / debug_log.NAME).write_text(old + new)
    debug_log.forget_before(folder, date(2026, 5, 21))
    assert written(folder) == new
    assert not (folder / f"{debug_log.NAME}.1").exists()
