"""A proof's key: what it depends on changes it, and nothing else does."""

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.host import sources
from provisioner.host.editions import load_stacks, stack_named
from provisioner.host.paths import ROOT
from provisioner.host.sources import with_imports
from provisioner.proof import keys
from provisioner.proof.asked import all_steps
from provisioner.proof.keys import DECIDING, PARTS, Keys, changed_parts, check_files, step_part
from provisioner.proof.steps import Step, steps_of
from provisioner.subject.subjects import checks_of

STACK = stack_named("wordpress-2024")
ARCHIVES = "0123456789abcdef"
#: Modules of the program that checks import, directly or not, or that decide beside those named, and why their change
#: outdates no proof.
DECIDES_NOTHING = {
    "provisioner/core/clock.py": "a candidate's time, which no check reads",
    "provisioner/core/declaration.py": "what a room lets through",
    "provisioner/core/documents.py": "how records are read",
    "provisioner/core/errors.py": "names and exit codes of errors",
    "provisioner/core/interruption.py": "Ctrl-C",
    "provisioner/core/masking.py": "passwords in logs",
    "provisioner/core/mistakes.py": "sentences on what a person wrote wrong",
    "provisioner/core/progress.py": "what is printed meanwhile",
    "provisioner/core/records.py": "what is kept of stations",
    "provisioner/core/waiting.py": "how long is waited for a condition",
    "provisioner/engine/image_order.py": "in which order images are listed",
    "provisioner/engine/protocol.py": "what is asked of an engine",
    "provisioner/examination/document.py": "the keys of a report",
    "provisioner/examination/browser_failure.py": "sentences on a browser that doesn't start",
    "provisioner/examination/unprivileged.sh": "as which user and in which network the browser runs",
    "provisioner/host/companies.py": "where the companies are; their files are in the key",
    "provisioner/host/disk.py": "files and locks of this machine",
    "provisioner/host/editions.py": "how pins are read; the pins themselves are in the key",
    "provisioner/host/encryption.py": "archives",
    "provisioner/host/fingerprint.py": "how golden images are told apart",
    "provisioner/host/machine.py": "programs of this machine",
    "provisioner/host/paths.py": "where files are",
    "provisioner/host/settings.py": "the centre's settings",
    "provisioner/host/sources.py": "how keys are made of files",
    "provisioner/host/toml_files.py": "how TOML is read",
    "provisioner/network/relay.py": "passes bytes on unchanged",
    "provisioner/french/__init__.py": "empty",
}

HOW = "name each of them in provisioner/proof/keys.py where it decides what a check sees, else here, with the reason"


@pytest.fixture(scope="module")
def check_steps() -> list[Step]:
    return steps_of(checks_of("wordpress")["wordpress.navigation.reading_settings"].examples()[0])


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clone")
    for name in ("checks", "stacks", "scenarios", "provisioner"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def clone(copied: Path) -> Iterator[Path]:
    """A copy of all that a key may depend on; what a test appends to a file is taken away again."""
    before = {path: path.stat().st_size for path in copied.rglob("*") if path.is_file()}
    yield copied
    for path, size in before.items():
        if path.stat().st_size != size:
            os.truncate(path, size)
    check_files.cache_clear()
    sources._source.cache_clear()


def key_in(clone: Path, step: Step) -> str:
    sources._source.cache_clear()
    check_files.cache_clear()
    return Keys(STACK, clone).of(step, ARCHIVES)


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("checks/wordpress/navigation.py", "le contrôle"),
        ("checks/wordpress/screens/office.py", "le contrôle"),
        ("provisioner/examination/site.py", "le programme"),
        ("provisioner/examination/stored_programs.php", "le programme"),
        ("provisioner/engine/layers.py", "le programme"),
        ("provisioner/french/text.py", "le programme"),
        ("provisioner/proof/worker.py", "le programme"),
        ("stacks/wordpress/driver.py", "l'édition"),
        ("checks/wordpress/files.toml", "l'édition"),
        ("stacks/wordpress/Dockerfile", "l'édition"),
        ("stacks/wordpress/2024.toml", "l'édition"),
        ("stacks/wordpress/files/opt/e5b/personalise.php", "l'édition"),
        ("stacks/base/files/opt/e5b/php.ini", "l'édition"),
        ("scenarios/biscuiterie/wordpress/seed.toml", "l'édition"),
        ("scenarios/biscuiterie/context.toml", "l'édition"),
        ("provisioner/cli/main.py", ""),
        ("provisioner/network/gateway.py", ""),
        ("checks/wordpress/galeries.py", ""),
        ("checks/prestashop/screens/office.py", ""),
        ("checks/prestashop/files.toml", ""),
        ("checks/README.md", ""),
        ("stacks/wordpress/trial.toml", ""),
        ("stacks/wordpress/vehicles.php", ""),
        ("stacks/prestashop/driver.py", ""),
        ("stacks/gateway/nginx.conf.j2", ""),
        ("scenarios/biscuiterie/prestashop/seed.toml", ""),
        ("scenarios/biscuiterie/subjects/wordpress-a/subject.toml", ""),
    ],
)
def test_a_key_changes_with_what_its_proof_depends_on_and_says_what_it_was(
    clone: Path, check_steps: list[Step], file: str, part: str
) -> None:
    before = key_in(clone, check_steps[0])
    with (clone / file).open("a", encoding="utf-8") as changed:
        changed.write("\nCHANGED = 1\n")
    after = key_in(clone, check_steps[0])
    assert changed_parts(before, after) == ([part] if part else [])


def test_a_comment_in_the_program_changes_no_key(clone: Path, check_steps: list[Step]) -> None:
    before = key_in(clone, check_steps[0])
    modules = [path for path in DECIDING if path.endswith(".py")]
    for file in (*modules, "checks/wordpress/navigation.py", "stacks/wordpress/driver.py"):
        with (clone / file).open("a", encoding="utf-8") as changed:
            changed.write("\n# A remark.\n")
    assert key_in(clone, check_steps[0]) == before


def test_another_address_of_an_archive_changes_no_key(clone: Path, check_steps: list[Step]) -> None:
    before, pins = key_in(clone, check_steps[0]), clone / "stacks/wordpress/2024.toml"
    text = pins.read_text(encoding="utf-8")
    pins.write_text(text.replace('urls = ["', 'urls = ["https://ailleurs.test/a.zip", "'), encoding="utf-8")
    assert pins.read_text(encoding="utf-8") != text
    assert key_in(clone, check_steps[0]) == before


def test_other_archives_and_another_step_change_it_too(check_steps: list[Step]) -> None:
    ours = Keys(STACK)
    one, other = check_steps[:2]
    key = ours.of(one, ARCHIVES)
    assert re.fullmatch(r"[0-9a-f]{10}(\.[0-9a-f]{10}){4}", key)
    assert ours.of(one, key.rpartition(".")[2]) == key  # that part of a key stands for its archives
    assert changed_parts(key, ours.of(one, "f" * 16)) == ["les archives"]
    assert changed_parts(key, ours.of(other, ARCHIVES)) == [PARTS[0]]


@pytest.mark.parametrize("stack", [*load_stacks()])
def test_no_two_steps_of_an_edition_have_the_same_identity(stack: str) -> None:
    """The second would replace the first in the ledger."""
    steps = Counter(step_part(step) for step in all_steps(stack_named(stack)))
    assert [part for part, times in steps.items() if times > 1] == []


def test_each_module_that_decides_is_there() -> None:
    assert [path for path in DECIDING if not (ROOT / path).is_file()] == []
    assert len(set(DECIDING)) == len(DECIDING)


def named(files: set[Path]) -> set[str]:
    return {str(path.relative_to(ROOT)) for path in files}


def test_all_that_checks_import_of_the_program_decides_or_is_said_to_decide_nothing() -> None:
    packages = ("checks", "stacks", "provisioner")
    files = {file for check in (ROOT / "checks").rglob("*.py") for file in with_imports(check, packages)}
    imported = {name for name in named(files) if name.startswith("provisioner/")}
    assert imported - set(DECIDING) - set(DECIDES_NOTHING) == set(), HOW
    assert {"provisioner/subject/check.py", "provisioner/french/text.py"} <= imported


def test_what_the_examination_is_made_of_decides_or_is_said_to_decide_nothing() -> None:
    """A module that compares what is stored with what is shown is not to be forgotten."""
    files = {
        file
        for path in DECIDING
        for file in with_imports(ROOT / path, ("provisioner",))
        if file.parent.name in ("engine", "examination", "french")
    }
    files |= {file for file in (ROOT / "provisioner/examination").iterdir() if file.is_file() and file.suffix != ".py"}
    assert named(files) - set(DECIDING) - set(DECIDES_NOTHING) == set(), HOW


def test_what_is_said_to_decide_nothing_is_there_and_decides_nothing() -> None:
    assert [path for path in DECIDES_NOTHING if not (ROOT / path).is_file()] == []
    assert set(DECIDES_NOTHING) & set(DECIDING) == set()
    assert keys.PARTS[0] == "l'étape"
