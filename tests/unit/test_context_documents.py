from pathlib import Path

from provisioner.context.documents import lines_of
from provisioner.context.facts import disagreements
from provisioner.host.paths import ROOT

MEDIA = ROOT / "scenarios/biscuiterie/media"


def test_a_document_is_read_line_by_line_with_its_accents() -> None:
    lines = lines_of(MEDIA / "bon-de-commande-cse.pdf")
    assert [(one.page, one.size) for one in lines if one.text == "Bon de commande"] == [(1, 22.0)]
    assert any(one.text.startswith("Boîte phare palets, boîte en métal 50 ") for one in lines)


def test_every_page_is_read() -> None:
    assert {one.page for one in lines_of(MEDIA / "catalogue-professionnels.pdf")} == {1, 2, 3, 4, 5}


def test_a_document_made_another_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "context.toml").write_text("")
    (tmp_path / "media").mkdir()
    (tmp_path / "media/offre.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n")
    assert [one.where for one in disagreements(tmp_path)] == ["offre.pdf"]
