"""A list that was given is looked at before it counts: what is wrong on which line, or what it changes and for whom too late."""

import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from provisioner.core.errors import ConfigurationError, Refusal
from provisioner.exam import seating
from provisioner.exam.list_changes import foresee
from provisioner.exam.list_update import save_roster
from provisioner.exam.proposed_list import SUFFIX, Look, adopt, look_at, propose, proposed_list, withdraw
from provisioner.exam.roster import Line
from provisioner.exam.tables import sheets_of
from provisioner.station.centre import Centre, station_named
from tests.unit.exam_room import ROSTER, ZONE, begin, corrected, entry, exam_room, list_in, now_is

TITLES = "numéro;nom;prénom;commission;sujet;poste;date;heure\n"
RIGHT = TITLES + "1;NOM1;P;1;wordpress-a;1;21/05/2026;9 h 00\n2;NOM2;P;1;prestashop-a;2;21/05/2026;9 h 00\n"


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    return exam_room(tmp_path, monkeypatch)


def given(centre: Centre, text: str, file: str = "liste.csv") -> Look:
    return propose(centre, file, text.encode(), "Mme Riou")


def changes(centre: Centre, *lines: Line) -> dict[str, tuple[str, bool]]:
    """What these lines change, by candidate."""
    return {
        change.entry.number: (", ".join(change.what), change.is_too_late)
        for change in foresee(centre, corrected(*lines), "liste.csv").changes
    }


def test_a_mistake_is_told_with_its_line_and_its_column(centre: Centre) -> None:
    look = given(centre, TITLES + "1;NOM1;P;1;wordpress-z;99;21/05/2026;midi\n;NOM2;P;1;prestashop-a;2;;9 h 00\n")
    assert look.reading is not None
    found = [(mistake.line, mistake.column) for mistake in look.reading.mistakes]
    assert found == [(2, "subject"), (2, "station"), (2, "time"), (3, "number"), (3, "date")]
    assert look.reading.titles.columns["station"] == 5
    assert look.foreseen is None


def test_what_two_lines_have_wrong_together_is_told_at_the_later_one(centre: Centre) -> None:
    look = given(centre, RIGHT + "3;NOM3;P;1;prestashop-a;2;21/05/2026;9 h 20\n")
    assert look.reading is not None
    (mistake,) = look.reading.mistakes
    assert (mistake.line, mistake.column) == (4, "station")
    assert "poste-02 est déjà pris" in mistake.text


def test_a_number_that_stands_on_all_lines_is_told_three_times_for_each(centre: Centre) -> None:
    look = given(centre, TITLES + "1;NOM;P;1;wordpress-a;1;21/05/2026;9 h 00\n" * 300)
    assert look.reading is not None
    assert len(look.reading.mistakes) == 1 + 2 + 3 * 297


def test_a_list_that_is_only_looked_at_changes_nothing(centre: Centre) -> None:
    look = given(centre, RIGHT)
    assert look.foreseen is not None
    assert look.foreseen.is_first
    assert [entry.number for entry in look.foreseen.record.entries] == ["1", "2"]
    assert list_in(centre.state, "salle") == {}
    waiting = proposed_list(centre)
    assert waiting is not None
    assert (waiting.file, waiting.who, waiting.content) == ("liste.csv", "Mme Riou", RIGHT.encode())


def test_an_adopted_list_is_the_rooms_and_waits_no_more(centre: Centre) -> None:
    look = given(centre, RIGHT)
    assert [entry.number for entry in adopt(centre, look.fingerprint)] == ["1", "2"]
    assert [entry["number"] for entry in list_in(centre.state, "salle")["entries"]] == ["1", "2"]
    assert proposed_list(centre) is None
    with pytest.raises(Refusal, match="Aucune liste"):
        adopt(centre, look.fingerprint)


def test_a_list_with_mistakes_is_not_adopted(centre: Centre) -> None:
    look = given(centre, RIGHT.replace("wordpress-a", "wordpress-z"))
    with pytest.raises(Refusal, match="a des fautes"):
        adopt(centre, look.fingerprint)
    assert list_in(centre.state, "salle") == {}


def test_only_what_was_looked_at_is_adopted(centre: Centre) -> None:
    seen = given(centre, RIGHT)
    given(centre, RIGHT.replace("NOM2", "NOM3"))
    with pytest.raises(Refusal, match="n'est plus ce que vous avez regardé"):
        adopt(centre, seen.fingerprint)
    save_roster(centre, ROSTER, "liste.csv")
    seen = given(centre, RIGHT)
    assert seen.foreseen is not None
    begin(centre, seating.assign_stations(centre)[1], "2026-05-21T09:00")
    save_roster(centre, corrected(*ROSTER.entries[:1]), "liste.csv")
    with pytest.raises(Refusal, match="n'est plus ce que vous avez regardé"):
        adopt(centre, seen.fingerprint)


def test_a_list_that_is_withdrawn_waits_no_more(centre: Centre) -> None:
    withdraw(centre, given(centre, RIGHT).proposed)
    assert proposed_list(centre) is None


def test_the_name_of_a_file_is_never_a_path(centre: Centre) -> None:
    for name, shown in {
        "../../etc/passwd": "passwd",
        "C:\\Users\\Riou\\liste.csv": "liste.csv",
        "\u202egpj.csv": "[U+202E]gpj.csv",
        "": "la liste",
        "x" * 300: "x" * 80,
    }.items():
        assert given(centre, RIGHT, name).proposed.file == shown
    assert [path.name for path in (centre.state.folder / "rosters").iterdir()] == [f"salle{SUFFIX}"]


def test_what_is_no_list_is_told_in_a_sentence(centre: Centre) -> None:
    for data in (b"", b"\0\0", b"\xd0\xcf\x11\xe0", b"PK\x03\x04 and nothing", b"bonjour"):
        look = propose(centre, "liste.csv", data, "Mme Riou")
        assert look.unreadable.startswith("liste.csv")
        assert look.reading is None


def test_a_list_of_days_that_are_over_is_refused_as_it_would_be(centre: Centre) -> None:
    look = given(centre, RIGHT.replace("2026", "2025"))
    assert "n'a que des jours passés" in look.refused
    assert look.foreseen is None


def workbook(sheet: str, strings: str = "") -> bytes:
    """A workbook of one sheet, whose parts are these XML texts."""
    from openpyxl import Workbook

    made, data = io.BytesIO(), io.BytesIO()
    Workbook().save(made)
    with ZipFile(made) as parts, ZipFile(data, "w", ZIP_DEFLATED) as spoilt:
        for part in parts.infolist():
            content = {"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": strings}.get(part.filename)
            spoilt.writestr(part.filename, content.encode() if content else parts.read(part))
    return data.getvalue()


def test_a_small_file_that_unpacks_to_a_large_one_is_refused_before_that() -> None:
    bomb = workbook("<worksheet>" + " " * (60 << 20) + "</worksheet>")
    assert len(bomb) < 1 << 20
    with pytest.raises(ConfigurationError, match="n'est pas un classeur"):
        sheets_of(bomb, Path("liste.xlsx"))


def test_a_sheet_of_far_cells_and_many_lines_is_bounded() -> None:
    names = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    far = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 1500))
    (sheet,) = sheets_of(workbook(f"<worksheet {names}><sheetData>{far}</sheetData></worksheet>"), Path("liste.xlsx"))
    assert max(len(row.cells) for row in sheet.rows) <= 200
    lines = "1;2\n" * 2001
    with pytest.raises(ConfigurationError, match="plus de 2000 lignes"):
        sheets_of(lines.encode(), Path("liste.csv"))


def test_a_corrected_list_says_what_changes_for_whom(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    first, second, third = ROSTER.entries
    moved = replace(first, place=3, at=datetime(2026, 5, 21, 9, 20, tzinfo=ZONE), name="LE GOFF")
    assert changes(centre, first, second, third) == {}
    assert changes(centre, moved, third, entry("4", "wordpress-a", 2, 9)) == {
        "1": ("LE GOFF P au lieu de NOM1 P, poste-03 au lieu de poste-01, à 09:20 au lieu de 09:00", False),
        "2": ("n'est plus sur la liste", False),
        "4": ("nouveau sur la liste", False),
    }


def test_a_corrected_list_says_for_whom_it_is_too_late(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    seating.assign_stations(centre)
    begin(centre, station_named(centre, "poste-01"), "2026-05-21T09:00")
    begin(centre, station_named(centre, "poste-02"), "2026-05-21T09:00")
    now_is("2026-05-21T09:10")
    first, _, third = ROSTER.entries
    found = changes(centre, replace(first, place=3), third)
    assert found == {"1": ("", True), "2": ("n'est plus dans le fichier", True)}
    foreseen = foresee(centre, corrected(replace(first, place=3), third), "liste.csv")
    assert "il reste à poste-01" in foreseen.changes[0].remarks[0]
    assert foreseen.remarks == () or all("poste-03" not in remark for remark in foreseen.remarks)


def test_what_is_foreseen_is_what_is_kept_but_for_new_passwords(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    roster = corrected(*ROSTER.entries[:2], entry("9", "wordpress-a", 3, 9))
    foreseen = foresee(centre, roster, "liste.csv")
    kept = save_roster(centre, roster, "liste.csv")
    assert [(one.key, one.place) for one in foreseen.record.entries] == [(one.key, one.place) for one in kept]
    assert foreseen.record.entries[0].password == kept[0].password


def test_a_proposal_that_cannot_be_read_any_more_waits_no_more(centre: Centre) -> None:
    given(centre, RIGHT)
    (centre.state.folder / "rosters" / f"salle{SUFFIX}").write_text("{")
    assert proposed_list(centre) is None
    assert look_at(centre, given(centre, RIGHT).proposed).foreseen is not None
