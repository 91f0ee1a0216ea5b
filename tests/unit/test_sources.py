"""What a file decides: a comment changes nothing, a line of code does; and what a module imports."""

from pathlib import Path

import pytest

from provisioner.host import sources
from provisioner.host.sources import meaning_of, module_file, with_imports

CODE = '''"""What it is for."""

import os


class Door:
    """A door."""

    colour = "red"  # the last coat


def paint(door: Door) -> str:
    """Paint it."""
    return f"{door.colour}!"
'''


def digest(tmp_path: Path, text: str, name: str = "module.py") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    sources._source.cache_clear()
    return meaning_of([path], tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# the last coat", "# dried"),
        ('"""What it is for."""', '"""Doors."""'),
        ('    """A door."""\n', ""),
        ("Paint it.", "Paint it\n\n    twice."),
        ("def paint(door: Door)", "def paint(\n    door: Door,\n)"),
    ],
)
def test_what_readers_alone_read_decides_nothing(tmp_path: Path, old: str, new: str) -> None:
    assert old in CODE
    assert digest(tmp_path, CODE.replace(old, new)) == digest(tmp_path, CODE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"red"', '"blue"'),
        ("class Door", "class Gate"),
        ("import os", "import sys"),
        ("door.colour}!", "door.colour}"),
        ('    """Paint it."""\n    return', '    """Paint it."""\n    "again"\n    return'),
        ("colour = ", "colour: str = "),
        ("door: Door", "*door: Door"),
    ],
)
def test_what_the_program_does_decides(tmp_path: Path, old: str, new: str) -> None:
    assert old in CODE
    assert digest(tmp_path, CODE.replace(old, new)) != digest(tmp_path, CODE)


def test_of_any_other_file_each_byte_decides_and_so_does_its_name(tmp_path: Path) -> None:
    assert digest(tmp_path, "# a", "pins.toml") != digest(tmp_path, "# b", "pins.toml")
    assert digest(tmp_path, "# a", "pins.toml") != digest(tmp_path, "# a", "other.toml")


def test_what_python_makes_of_a_module_decides_nothing(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__/module.pyc").write_bytes(b"1")
    files = [tmp_path / "module.py", tmp_path / "__pycache__/module.pyc"]
    before = digest(tmp_path, CODE)
    assert meaning_of(files, tmp_path) == before


def test_a_modules_imports_are_followed_within_the_packages_that_are_asked_for(tmp_path: Path) -> None:
    modules = {
        "checks/__init__.py": "",
        "checks/a.py": "import os\nfrom checks.reading import shop\nfrom stacks.cms.english import WORDS\n",
        "checks/reading/__init__.py": "",
        "checks/reading/shop.py": "def price():\n    from checks.reading.money import cents\n    return cents",
        "checks/reading/money.py": "import checks.reading.shop\ncents = 100\n",
        "checks/b.py": "",
        "stacks/cms/english.py": "from provisioner.core import model\nWORDS = ()\n",
        "provisioner/core/model.py": "",
    }
    for name, text in modules.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = with_imports(tmp_path / "checks/a.py", ("checks", "stacks"), tmp_path)
    assert {str(path.relative_to(tmp_path)) for path in found} == {
        "checks/a.py",
        "checks/reading/__init__.py",
        "checks/reading/shop.py",
        "checks/reading/money.py",
        "stacks/cms/english.py",
    }


def test_a_name_is_a_modules_a_packages_or_neithers(tmp_path: Path) -> None:
    (tmp_path / "checks/reading").mkdir(parents=True)
    (tmp_path / "checks/reading/__init__.py").touch()
    (tmp_path / "checks/a.py").touch()
    assert module_file("checks.a", tmp_path) == tmp_path / "checks/a.py"
    assert module_file("checks.reading", tmp_path) == tmp_path / "checks/reading/__init__.py"
    assert module_file("checks.a.Door", tmp_path) is None
