"""What holds of every company that sites can be seeded with: its texts agree, its shop has a past, its subjects hold."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from provisioner.context import consistency, texts
from provisioner.host.paths import ROOT
from provisioner.host.toml_files import read_toml
from provisioner.subject.subjects import doubts, load_subject
from stacks.prestashop.agenda import dated

COMPANIES = sorted(path.parent for path in (ROOT / "scenarios").glob("*/context.toml"))

each_company = pytest.mark.parametrize("company", COMPANIES, ids=lambda path: path.name)


def test_there_is_more_than_one() -> None:
    assert {"biscuiterie", "clairepine"} <= {path.name for path in COMPANIES}


@each_company
def test_its_texts_agree_with_each_other_and_are_spelled_in_french(company: Path) -> None:
    assert list(consistency.on_paper(company)) == []
    assert list(consistency.misspelled(texts.spelled(company), company)) == []


@each_company
def test_its_media_weigh_less_than_12_mib_and_have_a_licence(company: Path) -> None:
    media = [one for one in (company / "media").iterdir() if one.suffix not in (".py", ".md") and one.is_file()]
    assert 0 < sum(one.stat().st_size for one in media) < 12 << 20
    assert "CC0" in (company / "media/CREDITS.md").read_text(encoding="utf-8")


@each_company
def test_every_file_that_its_seeds_name_is_there(company: Path) -> None:
    there = {one.name for one in (company / "media").iterdir()}
    for seed in ("wordpress/seed.toml", "prestashop/seed.toml"):
        text = (company / seed).read_text(encoding="utf-8")
        named = set(re.findall(r'"([\w-]+\.(?:jpg|png|webp|pdf|mp3|wav))"', text))
        assert named
        assert named - there == set(), seed


@each_company
@pytest.mark.parametrize(
    "now", [datetime(2026, 5, 4, 0, 5), datetime(2026, 11, 29, 23, 55)], ids=lambda now: f"{now:%a}"
)
def test_its_shop_has_a_past_whatever_the_day_of_the_build(company: Path, now: datetime) -> None:
    seed = dated(read_toml(company / "prestashop/seed.toml"), now)
    moments = [datetime.fromisoformat(moment) for order in seed["orders"] for moment in order["at"]]
    assert moments
    assert max(moments) <= now


@each_company
def test_its_subjects_are_valid_and_say_what_their_checks_look_for(company: Path) -> None:
    subjects = sorted((company / "subjects").iterdir())
    assert {load_subject(path.name).cms for path in subjects} == {"wordpress", "prestashop"}
    for path in subjects:
        assert load_subject(path.name).context == company.name
        assert doubts(path.name) == []
