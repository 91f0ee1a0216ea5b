"""What root may and a full disk does: files of other users, disks of a few files."""

import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from provisioner.host.disk import hand_back, locked, make_private_folder
from tests.command import Program, small_disk
from tests.conftest import OPTIONAL
from tests.unit.test_bad_input import BODY, pinned, program
from tests.unit.test_bootstrap import begun, clone, cloned, ended

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason=f"only root can give files away and mount disks {OPTIONAL}")


def test_what_root_fetches_into_another_users_store_is_his_even_when_it_was_cut_short(tmp_path: Path) -> None:
    home, store = tmp_path / "alice", tmp_path / "alice/.cache/e5b/artifacts"
    home.mkdir()
    os.chown(home, 1000, 1000)
    with suppress(KeyboardInterrupt), locked(store / ".a.zip.lock", "a.zip", 1):
        (store / "a.zip.part").write_text("half")
        raise KeyboardInterrupt
    made = [store.parent.parent, store.parent, store, store / "a.zip.part", store / ".a.zip.lock"]
    assert {(one.stat().st_uid, one.stat().st_gid) for one in made} == {(1000, 1000)}
    assert store.stat().st_mode & 0o777 == 0o755  # others may read archives


def test_what_root_makes_in_another_users_folder_is_his(tmp_path: Path) -> None:
    home = tmp_path / "alice"
    (home / "e5b" / "locks").mkdir(parents=True)
    (home / "e5b" / "locks" / "salle.lock").touch()
    (home / "e5b" / "there").symlink_to(tmp_path)
    hand_back(home / "e5b")
    assert (home / "e5b").stat().st_uid == 0  # root's own home
    os.chown(home, 1000, 1000)
    hand_back(home / "e5b")
    made = [home / "e5b", *(home / "e5b").rglob("*")]
    make_private_folder(home / ".local/state/e5b")
    made += [home / ".local", home / ".local/state", home / ".local/state/e5b"]
    assert {(one.lstat().st_uid, one.lstat().st_gid) for one in made} == {(1000, 1000)}
    assert tmp_path.stat().st_uid == 0


def test_what_root_makes_in_anothers_clone_is_his_and_what_it_leads_to_stays_whose_it_was(clone: Path) -> None:
    outside = clone.parent / "outside"
    outside.touch()
    os.chown(clone, 12345, 12345)
    assert ended(begun(clone, pip=f"ln -s {outside} .venv/link"))[0] == 0
    assert {one.lstat().st_uid for one in (clone / ".venv").rglob("*")} == {12345}
    assert outside.stat().st_uid == 0


def test_a_disk_that_is_full_is_told_by_its_sentence(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", files=30) as disk:
        clone = cloned(disk)
        (clone / "bin/python3").unlink()
        (clone / "bin/python3").symlink_to(sys.executable)
        code, _, err = ended(begun(clone))
    assert code == 3
    assert err.splitlines()[-1].startswith(f"e5b : Le dossier {clone}/.venv n'a pas pu être préparé")
    assert "Error" not in err


@pytest.mark.parametrize("files", [0, 1, 2, 3])
def test_a_full_disk_of_the_store_is_exit_3_and_names_the_place(program: Program, tmp_path: Path, files: int) -> None:
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick" / "lent.zip").write_bytes(BODY)
    with small_disk(tmp_path / "full", files) as full:
        program = program.changed(pinned("http://127.0.0.1:9/lent.zip"), E5B_CACHE=str(full / "cache"))
        ran = program.run("artifacts", "import", str(tmp_path / "stick"))
        assert ran.code == 3
        assert f"Le disque de {full}/cache/artifacts est plein : libérez de la place" in ran.sentence
        assert not list(full.rglob("*.zip"))
        assert not list(full.rglob("*.draft"))
