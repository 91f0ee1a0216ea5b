"""The list of candidates: taken as centres have it, and every mistake told at once with its line."""

import io
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook, load_workbook

from provisioner.core.errors import ConfigurationError
from provisioner.exam.columns import _ELSE, COLUMNS, _title
from provisioner.exam.roster import Line, read_roster
from provisioner.exam.tables import sheets_of

ZONE = ZoneInfo("Europe/Paris")
TITLES = ("Numéro", "Nom", "Prénom", "Commission", "Sujet", "Poste", "Date", "Heure")
ROW = ("0241123", "LE GOFF", "Maëlle", "3", "WordPress A", "poste-01", "21/05/2024", "9h00")
OTHER = ("0241124", "Évenou", "Noé", "3", "PrestaShop A", "2", "21/05/2024", "9h00")

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(rows: Sequence[Sequence[str]], separator: str = ";", encoding: str = "utf-8", end: str = "\n") -> Path:
        path = tmp_path / "liste.csv"
        path.write_bytes(end.join(separator.join(row) for row in rows).encode(encoding))
        return path

    return write


def entries(path: Path) -> tuple[Line, ...]:
    return read_roster(path, ZONE, 20, "2024").entries


def told(path: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        read_roster(path, ZONE, 20, "2024")
    return str(refused.value).replace(f"{path}, ", "").splitlines()


FIRST = Line("0241123", "LE GOFF", "Maëlle", "3", "wordpress-a", 1, datetime(2024, 5, 21, 9, 0, tzinfo=ZONE))


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman", "cp850"])
def test_any_separator_and_encoding_gives_the_same_candidates(write: Write, separator: str, encoding: str) -> None:
    first, second = entries(write([TITLES, ROW, OTHER], separator, encoding))
    assert first == FIRST
    assert (second.name, second.first_name, second.subject, second.place) == ("Évenou", "Noé", "prestashop-a", 2)


PLAIN = ("Numero", "Nom", "Prenom", "Commission", "Sujet", "Poste", "Date", "Heure")


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize(
    ("name", "first_name"), [("LE GOFF", "Léa"), ("LEFÈVRE", "Hélène"), ("Évenou", "Chloé"), ("RENÉ", "Jérôme")]
)
def test_the_names_alone_tell_the_encoding(write: Write, encoding: str, name: str, first_name: str) -> None:
    roster = read_roster(write([PLAIN, (ROW[0], name, first_name, *ROW[3:])], encoding=encoding), ZONE, 20, "2024")
    assert [(one.name, one.first_name) for one in roster.entries] == [(name, first_name)]
    assert roster.warnings == ()


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize("titles", [PLAIN, TITLES], ids=["plain titles", "accented titles"])
def test_each_line_of_two_lists_put_together_is_read_in_its_own_encoding_and_that_is_told(
    write: Write, encoding: str, titles: Sequence[str]
) -> None:
    path = write([titles, (ROW[0], "LE GOFF", "Maëlle", *ROW[3:])], encoding="utf-8-sig")
    other = ";".join((OTHER[0], "FRÉVENT", "Noé", *OTHER[3:]))
    path.write_bytes(path.read_bytes() + f"\n{other}\n".encode(encoding))
    roster = read_roster(path, ZONE, 20, "2024")
    assert {(one.name, one.first_name) for one in roster.entries} == {("LE GOFF", "Maëlle"), ("FRÉVENT", "Noé")}
    (warning,) = [one for one in roster.warnings if "UTF-8" in one]
    assert f"sa ligne {2 if titles == PLAIN else 1} est en UTF-8 et d'autres comme sous" in warning


@pytest.mark.parametrize(("encoding", "kind"), [("cp850", "DOS"), ("mac_roman", "Mac")])
def test_an_encoding_that_the_names_leave_open_is_told(write: Write, encoding: str, kind: str) -> None:
    roster = read_roster(write([PLAIN, (ROW[0], "LE GOFF", "Noël", *ROW[3:])], encoding=encoding), ZONE, 20, "2024")
    assert roster.entries[0].first_name == "Noël"
    (warning,) = roster.warnings
    assert f"lues comme celles de {kind} ({encoding}), « Noël » et non « No" in warning


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blank_lines_titles_above_and_columns_in_any_order_are_taken(write: Write, end: str) -> None:
    rows = [["Lycée des Ajoncs", *[""] * 7], [""] * 8, TITLES[::-1], [" "] * 8, ROW[::-1], [""] * 8]
    assert entries(write(rows, end=end)) == (FIRST,)


def test_a_cell_may_hold_the_separator_and_quotes(write: Write) -> None:
    row = (ROW[0], '"LE ""GOFF""; née Kerv"', *ROW[2:])
    assert entries(write([TITLES, row]))[0].name == 'LE "GOFF"; née Kerv'


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        ("21/05/2024", "9h00"),
        ("21/05/24", "9 h"),
        ("2024-05-21", "09:00"),
        ("mardi 21 mai 2024", "9:00:00"),
        ("21 MAI 2024", "9 heures"),
        ("21.05.2024", "09h00min"),
        ("45433", "0,375"),
    ],
)
def test_dates_and_times_are_read_as_people_write_them(write: Write, day: str, hour: str) -> None:
    assert entries(write([TITLES, (*ROW[:6], day, hour)])) == (FIRST,)


@pytest.mark.parametrize(
    "told_at", ["21/05/2024 9h00", "21/05/2024 à 9 h 00", "2024-05-21 09:00", "mardi 21 mai 2024, 9h"]
)
def test_date_and_time_may_share_a_column(write: Write, told_at: str) -> None:
    path = write([(*TITLES[:6], "Date et heure"), (*ROW[:6], f'"{told_at}"')])
    assert entries(path) == (FIRST,)


@pytest.mark.parametrize(
    "subject",
    [
        "WordPress A",
        "wordpress-a",
        "Sujet WordPress A",
        "WP A",
        "WORD PRESS a",
        "Sujet A WordPress",
        "WordPress – sujet A",
    ],
)
@pytest.mark.parametrize("station", ["poste-01", "1", "Poste 1", "P01", "n° 1"])
def test_subjects_and_stations_are_read_as_people_write_them(write: Write, subject: str, station: str) -> None:
    assert entries(write([TITLES, (*ROW[:4], subject, station, *ROW[6:])])) == (FIRST,)


def test_a_workbook_gives_the_same_candidates(tmp_path: Path) -> None:
    book = Workbook()
    notes: Any = book.active
    notes.append(["À lire"])
    sheet: Any = book.create_sheet("Candidats")
    sheet.append(TITLES)
    sheet.append([241123.0, "LE GOFF", "Maëlle", 3, "WordPress A", 1, datetime(2024, 5, 21), time(9)])
    path = tmp_path / "liste.xlsx"
    book.save(path)
    (entry,) = entries(path)
    assert (entry.number, entry.commission, entry.place, entry.at) == ("241123", "3", 1, FIRST.at)


def book_of(path: Path, sheets: dict[str, tuple[str, Sequence[Sequence[object]]]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, (state, rows) in sheets.items():
        sheet: Any = book.create_sheet(name)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_hidden_sheet_is_nobodys_however_much_is_in_it(tmp_path: Path) -> None:
    path = book_of(
        tmp_path / "liste.xlsx",
        {
            "2023": ("hidden", [TITLES, OTHER, OTHER]),
            "Jury": ("visible", [TITLES[1:4]]),
            "2024": ("visible", [TITLES, ROW]),
        },
    )
    assert entries(path) == (FIRST,)


def test_two_sheets_of_candidates_are_refused_by_their_names(tmp_path: Path) -> None:
    path = book_of(
        tmp_path / "liste.xlsx", {"Matin": ("visible", [TITLES, ROW, ROW]), "Soir": ("visible", [TITLES, OTHER])}
    )
    (line,) = told(path)
    assert "« Matin », « Soir »" in line


def test_a_book_that_tells_its_own_size_wrongly_drops_nobody(tmp_path: Path) -> None:
    whole = book_of(tmp_path / "liste.xlsx", {"Liste": ("visible", [TITLES, ROW, OTHER])})
    wrong = tmp_path / "export.xlsx"
    with zipfile.ZipFile(whole) as bundle, zipfile.ZipFile(wrong, "w") as written:
        for name in bundle.namelist():
            body = bundle.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert b'<dimension ref="A1:H3"' in body
                body = body.replace(b'<dimension ref="A1:H3"', b'<dimension ref="A1:H2"')
            written.writestr(name, body)
    assert [one.number for one in entries(wrong)] == [ROW[0], OTHER[0]]


@pytest.mark.parametrize(
    ("form", "number"), [("0000000", "0241123"), ("General", "241123"), ("0", "241123"), ("0.00", "241123")]
)
@pytest.mark.parametrize("value", [241123, 241123.0])
def test_a_number_has_the_zeros_that_its_cell_shows(tmp_path: Path, form: str, number: str, value: float) -> None:
    path = book_of(tmp_path / "liste.xlsx", {"Liste": ("visible", [TITLES, (value, *ROW[1:])])})
    book = load_workbook(path)
    book["Liste"]["A2"].number_format = form
    book.save(path)
    assert [one.number for one in entries(path)] == [number]


def test_a_damaged_workbook_gets_one_sentence_wherever_the_damage_is(tmp_path: Path) -> None:
    whole = book_of(tmp_path / "liste.xlsx", {"Liste": ("visible", [TITLES, ROW])})
    with zipfile.ZipFile(whole) as bundle:
        members = {name: bundle.read(name) for name in bundle.namelist()}
    spoilt = tmp_path / "abîmée.xlsx"
    for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"):
        with zipfile.ZipFile(spoilt, "w") as bundle:
            for member, body in members.items():
                bundle.writestr(member, body[: len(body) // 2] if member == name else body)
        assert "classeur .xlsx lisible" in told(spoilt)[0]
    data = whole.read_bytes()
    for place in range(0, len(data), 97):
        spoilt.write_bytes(data[:place] + bytes(16) + data[place + 16 :])
        with suppress(ConfigurationError):  # the damage may be where nothing is read
            read_roster(spoilt, ZONE, 20, "2024")


@pytest.mark.parametrize("note", ['"à placer au fond', '"à placer" au fond'])
def test_a_quote_that_was_left_open_swallows_no_candidate(write: Write, note: str) -> None:
    titles, after = (*TITLES, "Note"), [(*OTHER, ""), (*OTHER, "")]
    assert told(write([titles, (*ROW, note), *after])) == [
        "ligne 2 : ce n'est pas du CSV, un guillemet y est peut-être resté ouvert."
    ]


def test_a_quote_that_closes_lines_below_swallows_no_candidate(write: Write) -> None:
    path = write([(*TITLES, "Note"), (*ROW, '"'), (*OTHER, '"'), (*OTHER, "")])
    assert told(path)[0].startswith("ligne 2 : ce n'est pas du CSV")


@pytest.mark.parametrize("number", ["../../12/34", "02411\x1b[2J", "a.b", "n° 1"])
def test_a_number_has_no_sign_that_a_files_name_or_a_screen_would_obey(write: Write, number: str) -> None:
    (line,) = told(write([TITLES, (number, *ROW[1:])]))
    assert "lettres, des chiffres" in line


@pytest.mark.parametrize("other", ["241123", "0241-123", "0241 123"])
def test_a_number_is_written_in_one_way(write: Write, other: str) -> None:
    path = write([TITLES, ROW, (other, *ROW[1:4], "PrestaShop A", "1", ROW[6], "14h")])
    assert told(path) == [
        f"ligne 3 : le numéro {other} est écrit 0241123 à la ligne 2 ; écrivez-le partout de la même façon."
    ]


def test_every_mistake_is_told_at_once_with_its_line(write: Write) -> None:
    path = write(
        [
            TITLES,
            ("", *ROW[1:]),
            ("0241125", "X", "Y", "3", "WordPress Z", "poste-99", "31/02/2024", "25h"),
            [""] * 8,
            ("2,41123E+11", *ROW[1:]),
        ]
    )
    lines = told(path)
    assert lines[0] == "ligne 2 : « numéro » est vide."
    assert [line.split(" : ")[0] for line in lines] == ["ligne 2", *["ligne 3"] * 4, "ligne 5"]
    for word in ("WordPress Z", "poste-99", "31/02/2024", "25h"):
        assert any(f"« {word} »" in line for line in lines)
    assert "format texte" in lines[-1]


def test_candidates_who_would_meet_are_told(write: Write) -> None:
    lines = told(
        write(
            [
                TITLES,
                ROW,
                ("0241124", "Évenou", "Noé", *ROW[3:7], "9h30"),
                (ROW[0], "AUTRE", "Nom", *ROW[3:6], "21/05/2024", "14h"),
                (*ROW[:5], "poste-02", *ROW[6:]),
            ]
        )
    )
    assert lines == [
        "ligne 3 : poste-01 est déjà pris à 09 h 00 (ligne 2) ; un candidat y reste 40 minutes.",
        "ligne 4 : le numéro 0241123 est déjà celui de LE GOFF Maëlle (ligne 2).",
        "ligne 5 : le candidat 0241123 est déjà inscrit, ligne 2.",
        "ligne 5 : le numéro 0241123 est déjà celui de AUTRE Nom (ligne 4).",
    ]


def test_a_line_number_counts_the_lines_inside_a_cell(write: Write) -> None:
    path = write([TITLES, (ROW[0], '"LE\nGOFF"', *ROW[2:]), ("", *ROW[1:])])
    assert [line.split(" : ")[0] for line in told(path)] == ["ligne 4"]


def test_what_is_strange_on_many_lines_is_told_once(write: Write) -> None:
    rows = [TITLES, *((f"0{number}", *ROW[1:5], str(number), "25/05/2024", "9h") for number in range(1, 6))]
    (told,) = read_roster(write(rows), ZONE, 20, "2024").warnings
    assert told.startswith("lignes 2, 3, 4 et 2 autres : le 25/05/2024 n'est pas un jour")


def test_of_a_session_whose_calendar_is_not_known_only_the_year_is_compared(write: Write) -> None:
    rows = [TITLES, (*ROW[:6], "25/05/2025", "9h"), (*OTHER[:6], "25/05/2026", "9h")]
    roster = read_roster(write(rows), ZONE, 20, "2025")
    assert roster.warnings == (
        "ligne 3 : le 25/05/2026 n'est pas de l'année de la session 2025, dont e5b ne connaît pas le calendrier",
    )


def test_titles_are_known_with_their_little_words(write: Write) -> None:
    titles = (
        "N° du candidat",
        "Nom de famille",
        "Prénom",
        "N° de commission",
        "Sujet",
        "N° de poste",
        "Date de l'épreuve",
        "Heure de passage",
    )
    assert entries(write([titles, ROW])) == (FIRST,)


def test_a_day_or_an_academie_that_the_circular_does_not_know_is_only_told(write: Write) -> None:
    rows = [(*TITLES, "Académie"), (*ROW, "Rennes"), (*OTHER[:6], "25/05/2024", "9h", "Bretagne")]
    roster = read_roster(write(rows), ZONE, 20, "2024")
    assert len(roster.entries) == 2
    assert [warning.split(" (")[0] for warning in roster.warnings] == [
        "ligne 3 : le 25/05/2024 n'est pas un jour de l'épreuve pratique de la session 2024",
        "ligne 3 : « Bretagne » n'est pas une académie de la circulaire",
    ]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "titres"),
        (b"\x00\x01\x02", "ni un CSV"),
        (b"PK\x03\x04nothing", "xlsx lisible"),
        (b"\xd0\xcf\x11\xe0old", "ancien classeur"),
        (b"a;b;c\n1;2;3", "titres des colonnes"),
        ("Numéro;Nom;Prénom\n1;2;3".encode(), "il manque les colonnes : commission, sujet, poste, date, heure"),
        (";".join(TITLES).encode(), "aucun candidat"),
    ],
)
def test_a_file_that_is_no_list_gets_one_clear_sentence(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=word):
        read_roster(path, ZONE, 20, "2024")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"absente\.csv n'existe pas"):
        read_roster(tmp_path / "absente.csv", ZONE, 20, "2024")


def test_two_columns_that_may_both_be_the_number_are_a_mistake(write: Write) -> None:
    rows = [("N°", "N° candidat", *TITLES[1:]), ("1", *ROW)]
    assert told(write(rows)) == [
        "ligne 1 : plusieurs colonnes sont prises pour « numéro » : « N° », « N° candidat ». Une seule est la "
        "bonne : donnez à l'autre un autre titre."
    ]


def instead(cells: Sequence[str], **changed: str) -> list[str]:
    """A row of a list, otherwise where a column is named, plainly."""
    plain = ("numero", "nom", "prenom", "commission", "sujet", "poste", "date", "heure")
    return [changed.get(name, cell) for name, cell in zip(plain, cells, strict=True)]


@pytest.mark.parametrize(
    "titles",
    [
        {"numero": "N° d’inscription"},
        {"numero": "Numéro d'inscription du candidat"},
        {"commission": "Commission n°"},
        {"commission": "Jury n°"},
        {"poste": "N° PC"},
        {"poste": "Poste de travail"},
        {"heure": "Horaire de passage"},
        {"heure": "Heure de convocation"},
        {"date": "Jour de passage", "heure": "Heure de l'épreuve"},
        {"prenom": "Prénom(s)"},
    ],
    ids=lambda titles: ", ".join(titles.values()),
)
def test_the_titles_that_centres_usually_give_are_known(write: Write, titles: dict[str, str]) -> None:
    assert entries(write([instead(TITLES, **titles), ROW])) == (FIRST,)


def test_no_title_is_known_for_two_columns() -> None:
    known: dict[str, str] = {}
    for column, titles in (*COLUMNS.items(), *_ELSE.items()):
        assert [known.setdefault(_title(title), column) for title in titles] == [column] * len(titles)


ONE_NAME = (TITLES[0], "Nom et prénom", *TITLES[3:])


@pytest.mark.parametrize(
    ("told_name", "name", "first_name"),
    [
        ("DUPONT Marie", "DUPONT", "Marie"),
        ("Marie DUPONT", "DUPONT", "Marie"),
        ("DUPONT, Marie", "DUPONT", "Marie"),
        ("LE GOFF Maëlle", "LE GOFF", "Maëlle"),
        ("D'ALMEIDA-ROY Jean-Paul Noé", "D'ALMEIDA-ROY", "Jean-Paul Noé"),
        ("ÉVENOU Élodie", "ÉVENOU", "Élodie"),
        ("NG Lyn", "NG", "Lyn"),
        ("ST MARTIN Zoé", "ST MARTIN", "Zoé"),
    ],
)
@pytest.mark.parametrize("title", ["Nom et prénom", "NOM Prénom", "Nom & prénom(s) du candidat", "Prénom - Nom"])
def test_both_names_may_share_a_column_the_family_name_in_capitals(
    write: Write, title: str, told_name: str, name: str, first_name: str
) -> None:
    row = (ROW[0], f'"{told_name}"', *ROW[3:])
    (one,) = entries(write([(TITLES[0], title, *TITLES[3:]), row]))
    assert (one.name, one.first_name, one.subject) == (name, first_name, "wordpress-a")


@pytest.mark.parametrize(
    "told_name",
    [
        "Dupont Marie",
        "DUPONT MARIE",
        "DUPONT",
        "Marie",
        "DUPONT M.",
        "M. DUPONT",
        "Mme DUPONT",
        "DUPONT née Martin",
        "de LA TOUR Anne",
        "DUPONT Marie MARTIN",
        "DUPONT marie",
        "DUPONT Dr",
        "DUPONT JP",
        "DUPONT JP Marie",
        "DUPONT J.-P. Marie",
        "DUPONT Jp",
        "MME DUPONT Marie",
        "DUPONT Melle",
    ],
)
def test_names_that_cannot_be_told_apart_are_said_so_with_their_line(write: Write, told_name: str) -> None:
    (line,) = told(write([ONE_NAME, (ROW[0], told_name, *ROW[3:])]))
    assert line.startswith(f"ligne 2 : dans « {told_name} », le nom et le prénom ne se distinguent pas")


def test_an_empty_name_in_the_column_of_both_is_a_mistake(write: Write) -> None:
    assert told(write([ONE_NAME, (ROW[0], "", *ROW[3:])])) == ["ligne 2 : « nom et prénom » est vide."]


@pytest.mark.parametrize(
    ("titles", "cells"),
    [
        (("CMS", "Lettre"), ("WordPress", "A")),
        (("Lettre du sujet", "CMS"), ("a", "WORDPRESS")),
        (("CMS", "Sujet"), ("WP", "Sujet A")),
        (("CMS", "Sujet"), ("WordPress", "WordPress A")),
        (("SUJET CMS", "Lettre"), ("WordPress", "A")),
        (("CMS", "N° sujet"), ("WordPress", "A")),
        (("CMS", "Sujet"), ("WP", "WordPress A")),
        (("CMS", "Sujet"), ("WordPress 6.4.2", "WordPress A")),
        (("CMS", "Sujet"), ("WordPress v6, thème Astra", "WP-A")),
        (("CMS", "Lettre"), ("WordPress 6.5", "A")),
        (("CMS", "Sujet"), ("", "WordPress A")),
        (("Sujet", "Lettre"), ("WordPress A", "a")),
    ],
)
def test_a_cms_may_stand_beside_the_letter_of_its_subject(
    write: Write, titles: Sequence[str], cells: Sequence[str]
) -> None:
    assert entries(write([(*TITLES[:4], *titles, *TITLES[5:]), (*ROW[:4], *cells, *ROW[5:])])) == (FIRST,)


@pytest.mark.parametrize(
    ("titles", "cells", "said"),
    [
        (
            ("CMS", "Sujet"),
            ("PrestaShop", "WordPress A"),
            "la colonne « CMS » dit « PrestaShop », le sujet « WordPress A »",
        ),
        (("CMS", "Sujet"), ("WordPress B", "WordPress A"), "la colonne « CMS » dit « WordPress B », le sujet"),
        (
            ("CMS", "Sujet"),
            ("WordPress 2024 B", "WordPress A"),
            "la colonne « CMS » dit « WordPress 2024 B », le sujet",
        ),
        (("CMS", "Sujet"), ("WordPress B", "A"), "le sujet « WordPress B A » n'existe pas"),
        (("Sujet", "Lettre"), ("WordPress A", "B"), "la colonne « Lettre » dit « B », le sujet « WordPress A »"),
        (("Sujet", "Lettre"), ("WordPress", "envoyée"), "le sujet « WordPress envoyée » n'existe pas"),
        (("CMS", "Lettre"), ("WordPress", ""), "le sujet « WordPress » n'existe pas"),
        (("CMS", "Lettre"), ("", "A"), "le sujet « A » n'existe pas"),
        (("CMS", "Lettre"), ("", ""), "« sujet » est vide"),
    ],
)
def test_a_cms_and_a_letter_that_are_no_subject_together_are_a_mistake(
    write: Write, titles: Sequence[str], cells: Sequence[str], said: str
) -> None:
    (line,) = told(write([(*TITLES[:4], *titles, *TITLES[5:]), (*ROW[:4], *cells, *ROW[5:])]))
    assert line.startswith(f"ligne 2 : {said}")


def test_what_is_no_letter_beside_a_whole_subject_is_left_aside_and_that_is_told(write: Write) -> None:
    rows = [
        (*TITLES, "Lettre"),
        (*ROW, "envoyée"),
        (*OTHER, ""),
        ("0241125", "X", "Y", "3", "WP B", "3", *ROW[6:], "à faire"),
    ]
    roster = read_roster(write(rows), ZONE, 20, "2024")
    assert [one.subject for one in roster.entries] == ["wordpress-a", "prestashop-a", "wordpress-b"]
    assert roster.warnings == (
        "lignes 2, 4 : la colonne « Lettre » ne dit pas la lettre d'un sujet, elle n'y est pas lue",
    )


@pytest.mark.parametrize("numbered", ["12", ""])
def test_a_number_beside_a_whole_subject_under_cms_is_left_aside(write: Write, numbered: str) -> None:
    path = write([(*instead(TITLES, sujet="CMS"), "N° sujet"), (*ROW, numbered)])
    roster = read_roster(path, ZONE, 20, "2024")
    assert roster.entries == (FIRST,)
    assert [warning[:32] for warning in roster.warnings] == ["ligne 2 : la colonne « N° sujet »"[:32]] * bool(numbered)


@pytest.mark.parametrize(
    ("also", "cell", "read"),
    [
        ("Heure de convocation", "8h30", "« Heure » l'est"),
        ("Heure de l'épreuve", "8h30", "« Heure » l'est"),
        ("Date de convocation", "1/05/2024", "« Date » l'est"),
        ("N° d'inscription", "0042", "« Numéro » l'est"),
        ("PC", "oui", "« Poste » l'est"),
        ("N° PC", "17", "« Poste » l'est"),
        ("N° sujet", "12", "« Sujet » l'est"),
        ("N° jury", "4", "« Commission » l'est"),
        ("Nom complet", "dupont", "« Nom » et « Prénom » le sont"),
        ("Nom et prénom", "", "« Nom » et « Prénom » le sont"),
        ("Jour et heure", "lundi 8h", "« Date » et « Heure » le sont"),
    ],
)
def test_beside_its_plainer_title_a_column_is_left_aside_and_that_is_told(
    write: Write, also: str, cell: str, read: str
) -> None:
    roster = read_roster(write([(*TITLES, also), (*ROW, cell)]), ZONE, 20, "2024")
    assert roster.entries == (FIRST,)
    assert roster.warnings == (f"ligne 1 : la colonne « {also} » n'est pas lue : {read}",)


@pytest.mark.parametrize(
    ("also", "cells"),
    [
        (("Nom complet", "Nom et prénom"), ("x", "y")),
        (("Jour et heure", "Date et heure de convocation"), ("x", "y")),
        (("Lettre", "Lettre du sujet"), ("envoyée", "A")),
    ],
)
def test_two_columns_of_one_newer_kind_keep_no_list_from_being_read(
    write: Write, also: Sequence[str], cells: Sequence[str]
) -> None:
    roster = read_roster(write([(*TITLES, *also), (*ROW, *cells)]), ZONE, 20, "2024")
    assert roster.entries == (FIRST,)
    assert any(f"la colonne « {also[0]} » n'est pas lue" in warning for warning in roster.warnings)


@pytest.mark.parametrize("hour", ["Heure de passage", "Heure de l'épreuve", "Horaire"])
def test_the_hour_is_the_exams_where_there_is_one_of_convocation_too(write: Write, hour: str) -> None:
    path = write([(*instead(TITLES, heure=hour), "Heure de convocation"), (*ROW, "8h15")])
    assert entries(path) == (FIRST,)


@pytest.mark.parametrize(
    ("column", "title"),
    [("heure", "Heure de convocation"), ("date", "Date de convocation"), ("heure", "Horaire de la convocation")],
)
def test_a_convocation_taken_for_the_exam_is_told(write: Write, column: str, title: str) -> None:
    roster = read_roster(write([instead(TITLES, **{column: title}), ROW]), ZONE, 20, "2024")
    assert roster.entries == (FIRST,)
    (warning,) = roster.warnings
    assert warning.startswith(f"ligne 1 : la colonne « {title} » est prise pour « {column} » : si l'épreuve commence")


@pytest.mark.parametrize("title", ["Convocation", "Passage"])
@pytest.mark.parametrize("told_at", ["1", "8h15", "21/05/2024 8h15", ""])
def test_a_date_and_an_hour_that_are_both_there_win(write: Write, title: str, told_at: str) -> None:
    roster = read_roster(write([(*TITLES, title), (*ROW, told_at)]), ZONE, 20, "2024")
    assert roster.entries == (FIRST,)
    assert roster.warnings == (f"ligne 1 : la colonne « {title} » n'est lue que là où « Date » ou « Heure » est vide",)


def test_a_date_and_an_hour_in_one_are_read_where_the_others_are_empty_or_one_isnt_there(write: Write) -> None:
    empty = (*TITLES, "Passage"), (*ROW[:6], "", "", "21/05/2024 9h00")
    for rows in (empty, [row[:7] + row[8:] for row in empty]):
        assert entries(write(rows)) == (FIRST,)


def test_a_date_and_an_hour_in_one_under_a_title_of_always_stay_beside_newer_ones(write: Write) -> None:
    path = write([(*TITLES[:6], "Date et heure", "Heure de convocation"), (*ROW[:6], "21/05/2024 9h00", "8h15")])
    roster = read_roster(path, ZONE, 20, "2024")
    assert roster.entries == (FIRST,)
    assert roster.warnings == ("ligne 1 : la colonne « Heure de convocation » n'est pas lue : « Date et heure » l'est",)


@pytest.mark.parametrize(
    ("titles", "said"),
    [
        (
            {"numero": "N° candidat", "date": "Candidat"},
            "plusieurs colonnes sont prises pour « numéro » : « N° candidat »",
        ),
        (
            {"poste": "N° PC", "heure": "Place n°"},
            "plusieurs colonnes sont prises pour « poste » : « N° PC », « Place n° »",
        ),
        ({"date": "Jour et heure"}, "« Jour et heure » est prise pour « date et heure », et « Heure » est là aussi"),
        ({"nom": "Nom complet"}, "« Nom complet » est prise pour « nom et prénom », et « Prénom » est là aussi"),
    ],
)
def test_two_titles_of_one_plainness_are_refused_in_words(write: Write, titles: dict[str, str], said: str) -> None:
    assert told(write([instead(TITLES, **titles), ROW]))[0].startswith(f"ligne 1 : {said}")


def test_a_time_alone_under_what_may_be_a_date_and_a_time_is_refused_in_words(write: Write) -> None:
    (line,) = told(write([instead(TITLES, heure="Passage"), ROW]))
    assert "« Passage » est prise pour « date et heure », et « 9h00 » ne dit pas les deux" in line
    assert "donnez-lui un titre qui le dit, comme « heure de passage »" in line


TO_SIGN = ("N° d'inscription", "Nom et prénom", "N° jury", "Heure de passage", "N° PC", "Signature")


@pytest.mark.parametrize(
    "sheet",
    [
        [TO_SIGN, (ROW[0], "LE GOFF Maëlle", "3", "9h00", "1", "")],
        [TO_SIGN, ("17", "LE GOFF Maëlle", "3", "9h00", "1", "")],
        [(*TITLES[:4], "Heure", "Signature"), (ROW[0].lstrip("0"), *ROW[1:4], "9h00", "")],
    ],
)
def test_a_sheet_to_sign_on_is_left_aside_for_the_list_and_that_is_told(
    tmp_path: Path, sheet: Sequence[Sequence[str]]
) -> None:
    path = book_of(
        tmp_path / "liste.xlsx", {"Émargement": ("visible", sheet), "Candidats": ("visible", [TITLES, ROW, OTHER])}
    )
    roster = read_roster(path, ZONE, 20, "2024")
    assert {one.number for one in roster.entries} == {ROW[0], OTHER[0]}
    (warning,) = roster.warnings
    assert warning.startswith("la feuille « Émargement » n'est pas lue (il y manque : sujet, ")


def test_a_sheet_that_lacks_a_column_and_has_candidates_of_its_own_is_no_sheet_to_leave_aside(tmp_path: Path) -> None:
    evening = [instead(TITLES, poste="Machine"), OTHER]
    path = book_of(tmp_path / "liste.xlsx", {"Matin": ("visible", [TITLES, ROW]), "Soir": ("visible", evening)})
    (line,) = told(path)
    assert "plusieurs feuilles de candidats : « Matin », « Soir »" in line


def test_where_no_sheet_has_all_columns_the_fullest_tells_what_it_lacks(tmp_path: Path) -> None:
    path = book_of(
        tmp_path / "liste.xlsx",
        {"Émargement": ("visible", [TO_SIGN]), "Candidats": ("visible", [instead(TITLES, poste="Machine"), ROW])},
    )
    assert told(path) == ["ligne 1 : il manque les colonnes : poste (titres qui ne disent pas laquelle : « Machine »)."]


def test_wrong_titles_hide_none_of_the_mistakes_that_can_be_found_without_them(write: Write) -> None:
    path = write(
        [
            instead(TITLES, commission="Salle", heure="Créneau"),
            ROW,
            ("0241125", "X", "", "3", "WordPress Z", "poste-99", "31/02/2024", "25h"),
            ("", *OTHER[1:]),
        ]
    )
    lines = told(path)
    assert lines[0] == (
        "ligne 1 : il manque les colonnes : commission, heure (titres qui ne disent pas laquelle : « Salle », « Créneau »)."
    )
    assert [line.split(" : ")[0] for line in lines[1:]] == [*["ligne 3"] * 4, "ligne 4"]
    for word in ("« prénom » est vide", "WordPress Z", "poste-99", "31/02/2024"):
        assert any(word in line for line in lines[1:5])


def test_two_candidates_who_would_meet_are_told_where_their_commission_has_no_column(write: Write) -> None:
    rows = [instead(TITLES, commission="Salle"), ROW, (*OTHER[:5], "1", *OTHER[6:])]
    assert told(write(rows))[1:] == [
        "ligne 3 : poste-01 est déjà pris à 09 h 00 (ligne 2) ; un candidat y reste 40 minutes."
    ]


def test_candidates_names_under_a_title_that_may_be_their_number_are_not_guessed(write: Write) -> None:
    lines = told(write([(TITLES[0], "Candidat", *TITLES[3:]), (ROW[0], "LE GOFF Maëlle", *ROW[3:])]))
    assert "plusieurs colonnes sont prises pour « numéro » : « Numéro », « Candidat »" in lines[0]
    assert lines[1] == "ligne 1 : il manque les colonnes : nom, prénom (ou une seule, « nom et prénom »)."


def test_a_sheet_that_says_it_has_a_million_lines_is_read_to_a_bound() -> None:
    book, kept = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.cell(1, 1, "Nom")
    sheet.cell(9_999, 1, "LE GOFF")
    sheet.cell(1_000_000, 1, "loin")
    book.save(kept)
    [found] = sheets_of(kept.getvalue(), Path("liste.xlsx"))
    assert [row.line for row in found.rows] == [1, 9_999]
