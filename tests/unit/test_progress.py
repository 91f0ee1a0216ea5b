"""What is said of several stations is said once."""

from types import SimpleNamespace
from typing import Any

import pytest

from provisioner.core.errors import Refusal
from provisioner.core.progress import Quiet, grouped
from provisioner.examination import examine
from provisioner.examination.examine import examine_stations


def test_a_remark_is_said_once_with_all_the_names_that_it_is_made_of() -> None:
    remarks = [("poste-01", "plein"), ("poste-02", "en retard"), ("poste-03", "plein"), ("poste-01", "plein")]
    assert grouped(remarks) == ["poste-01, poste-03 : plein", "poste-02 : en retard"]
    assert grouped([]) == []


class Steps(Quiet):
    """Remembers the steps."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def step(self, text: str) -> None:
        self.said.append(text)


def test_what_is_remarked_of_every_station_that_is_examined_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def examined(centre: Any, name: str, candidate: str, remark: Any) -> dict[str, Any]:
        remark(name, "le candidat a encore du temps")
        if name == "poste-02":
            raise Refusal("poste-02 ne peut pas.")
        return {"station": name, "questions": []}

    monkeypatch.setattr(examine, "examine", examined)
    centre: Any = SimpleNamespace(progress=Steps())
    done = examine_stations(centre, ["poste-01", "poste-02", "poste-03"])
    assert [document["station"] for document in done.documents] == ["poste-01", "poste-03"]
    assert [str(error) for error in done.errors] == ["poste-02 ne peut pas."]
    assert done.verdicts == []
    assert centre.progress.said == ["poste-01, poste-02, poste-03 : le candidat a encore du temps"]
