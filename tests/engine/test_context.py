"""The company is whole on a fresh station of each of its sites."""

from provisioner.config import ROOT
from provisioner.context_visit import visit
from provisioner.lifecycle import Centre
from provisioner.model import Golden

SCENARIO = ROOT / "scenarios/biscuiterie"


def test_every_page_and_screen_answers_and_tells_the_companys_facts(centre: Centre, golden: Golden) -> None:
    seen = visit(centre, golden, SCENARIO)
    assert seen.document["faults"] == []
    if (
        golden.stack == "wordpress-2024"
    ):  # whose catalogue is always of its version; the trial's and a stand-in are older
        assert seen.document["untranslated"] == []
    assert seen.document["pages"] > 45
    assert seen.document["office_pages"] > 150
