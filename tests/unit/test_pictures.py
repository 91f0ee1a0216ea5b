"""The guides of the day of the exam show the screens as they are."""

import json
import re

import pytest

from provisioner.config import ROOT
from tests.pictures import FOLDER, SOURCES, digest, screens


def test_every_picture_was_drawn_from_the_screen_as_it_is() -> None:
    kept = json.loads(SOURCES.read_text(encoding="utf-8"))
    changed = [name for name, source in screens().items() if kept.get(name) != digest(source)]
    assert changed == [], "run: python -m tests.pictures"


@pytest.mark.parametrize("guide", ["technicien", "examinateur"])
def test_a_guide_shows_pictures_that_are_there(guide: str) -> None:
    shown = re.findall(r"!\[[^]]+\]\(images/([^)]+)\)", (ROOT / f"docs/{guide}.md").read_text(encoding="utf-8"))
    assert len(shown) >= 2
    assert [name for name in shown if not (FOLDER / name).is_file()] == []
