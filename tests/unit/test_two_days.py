"""The simulated days: what they count as wrong, and that they tell it whatever happens."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks import two_days
from tests.unit.fake_engine import FakeEngine


def report(*verdicts: str) -> dict[str, Any]:
    """A question each; "à apprécier" before a verdict says that a person judges its fact."""
    found = [
        {"fact": "f (à apprécier)" if marked else "f", "verdict": verdict, "observed": "o"}
        for _, marked, verdict in (one.rpartition("à apprécier ") for one in verdicts)
    ]
    return {"questions": [{"number": n, "checks": [{"findings": [one]}]} for n, one in enumerate(found, 1)]}


@pytest.mark.parametrize(
    ("kind", "verdicts", "wrong"),
    [
        ("bon", ["met", "à apprécier to_judge", "met"], 0),
        ("bon", ["met", "not_met", "blocked"], 2),
        ("bon", ["met", "to_judge", "à apprécier met"], 2),
        ("partiel", ["met", "met", "not_met"], 0),
        ("partiel", ["met", "met", "met"], 1),
        ("rien", ["not_met", "à apprécier to_judge"], 0),
        ("rien", ["met", "broken"], 2),
        ("rien", ["to_judge", "à apprécier not_met"], 2),
    ],
)
def test_a_verdict_is_as_the_work_was_done_or_wrong(kind: str, verdicts: list[str], wrong: int) -> None:
    assert len(two_days.judged(report(*verdicts), kind)) == wrong


def test_words_are_found_wherever_a_stream_is_cut() -> None:
    text = b"x" * 20 + two_days.WORDS.format("0010203").encode() + b"y" + two_days.WORDS.format("0010204").encode()
    for size in range(1, len(text)):
        pieces = [text[begin : begin + size] for begin in range(0, len(text), size)]
        assert two_days.words_in(pieces) == {"0010203", "0010204"}


def test_each_round_has_every_kind_and_each_station_another_after_the_other() -> None:
    kinds = [[two_days.kind_of(f"00{1:03}{turn:02}{place:02}"[-7:]) for place in range(1, 4)] for turn in range(3)]
    for same in (*kinds, *zip(*kinds, strict=True)):
        assert set(same) == set(two_days.KINDS)


def test_the_page_is_written_and_it_counts_as_wrong_when_it_cannot_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("E5B_NOW", "")

    def broken(centre: object, days: two_days.Days, *_: object) -> None:
        days.rows.append({"number": "0010203", "station": "poste-03", "subject": "s", "kind": "bon", "wrong": 0})
        raise OSError("le disque est plein")

    monkeypatch.setattr(two_days, "DockerEngine", FakeEngine)
    monkeypatch.setattr(two_days, "golden_of", lambda *_: object())
    monkeypatch.setattr(two_days, "play", broken)
    page = tmp_path / "page.html"
    assert two_days.main(["--page", str(page)]) == 1
    told = page.read_text(encoding="utf-8")
    assert "arrêté avant la fin : OSError le disque est plein" in told
    assert "0010203" in told
