"""Tells the columns of a list of candidates apart by the titles that centres give them.

A plain title is preferred to another one that may mean the same column; between two that are as plain, the list's author
has to decide.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from provisioner.core.errors import ConfigurationError
from provisioner.exam.tables import Row, Sheet
from provisioner.french.persons import bare
from provisioner.french.text import fold

_NUMBER = ("n", "no", "num", "numero")
_OCCASIONS = ("passage", "epreuve", "epreuve pratique", "convocation")
_NAMES = ("nom", "noms", "nom s")
_FIRST_NAMES = ("prenom", "prenoms", "prenom s")


def _counted(*nouns: str) -> tuple[str, ...]:
    """Titles for the number of such a thing: "n poste", "poste n"."""
    return tuple(title for noun in nouns for n in _NUMBER for title in (f"{n} {noun}", f"{noun} {n}"))


def _of_occasions(*words: str) -> tuple[str, ...]:
    return tuple(f"{word} {occasion}" for word in words for occasion in _OCCASIONS)


#: The plain titles of each column, folded, without signs and little words; messages use the first, unfolded.
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": (
        "numéro",
        "n",
        "no",
        "num",
        "numero candidat",
        "n candidat",
        "no candidat",
        "num candidat",
        "numero inscription",
        "matricule",
        "candidat",
        "id",
    ),
    "name": ("nom", "nom famille", "nom candidat", "nom usage", "nom naissance"),
    "first_name": ("prénom", *_FIRST_NAMES, "prenom candidat"),
    "whole_name": (
        "nom et prénom",
        "nom complet",
        *(
            title
            for name in _NAMES
            for first_name in _FIRST_NAMES
            for both in (f"{name} {first_name}", f"{first_name} {name}")
            for title in (both, f"{both} candidat", f"candidat {both}")
        ),
    ),
    "commission": ("commission", "n commission", "no commission", "numero commission", "jury"),
    "subject": ("sujet", "sujet cms", "sujets"),
    "cms": ("CMS",),
    "letter": ("lettre du sujet", "sujet lettre"),
    "station": ("poste", "n poste", "no poste", "numero poste", "place", "ordinateur"),
    "date": ("date", "jour", "date passage", "date epreuve"),
    "time": ("heure", "horaire", "heure passage", "heure debut", "debut", "h"),
    "at": ("date et heure", "passage", "convocation", "date heure passage"),
    "academy": ("académie", "academie"),
}
#: Titles that mean a column only where none of its plain titles is there; beside one, they mean something else.
_ELSE: dict[str, tuple[str, ...]] = {
    "number": (*_counted("candidat", "inscription"), *(f"{n} inscription candidat" for n in _NUMBER)),
    "commission": _counted("commission", "jury"),
    "subject": _counted("sujet"),
    "letter": ("lettre",),
    "station": (*_counted("poste", "place", "ordinateur", "pc"), "pc", "poste travail"),
    "date": _of_occasions("date", "jour"),
    "time": _of_occasions("heure", "horaire"),
    "at": ("jour heure", *_of_occasions("date heure", "jour heure")),
}
#: The columns that a list needs, and the column that may replace each.
NEEDED = {
    "number": "",
    "name": "whole_name",
    "first_name": "whole_name",
    "commission": "",
    "subject": "cms",
    "station": "",
    "date": "at",
    "time": "at",
}
#: The columns that replace two others, and the column that such a title may mean instead.
_WHOLE = {"whole_name": "name", "at": "time"}

#: The indexes where each column may stand in a row of titles, by the title's rank: 0 plain, 1 else, 2 a convocation's.
_Places = Mapping[str, Mapping[int, Sequence[int]]]


@dataclass(frozen=True)
class Header:
    """The row of titles: the index of each column that is certain, the mistakes in it, and warnings of what isn't read."""

    row: Row
    columns: Mapping[str, int]
    mistakes: Sequence[str]
    warnings: Sequence[str]

    def title(self, column: str) -> str:
        """The title of a column as the list has it, in quotation marks."""
        return f"« {self.row.cells[self.columns[column]]} »"


def list_of(sheets: Sequence[Sheet], path: Path) -> tuple[Sequence[Row], list[str]]:
    """The rows of the sheet of candidates, and a warning for each other that looks like one, as a sheet to sign on."""
    titles = {sheet.name: best for sheet in sheets if (best := _titles(sheet.rows))}
    whole = [sheet for sheet in sheets if sheet.name in titles and not _missing(titles[sheet.name][1])]
    if not whole:
        fullest = max(sheets, key=lambda sheet: len(titles[sheet.name][1]) if sheet.name in titles else 0, default=None)
        return fullest.rows if fullest else (), []
    first_numbers, lists, warnings = _numbers(whole[0], titles), whole[:], []
    for sheet in sheets:
        places = titles[sheet.name][1] if sheet.name in titles else {}
        if sheet in whole or "number" not in places or len(places) < 5:
            continue
        plain = [column for column, ranks in places.items() if 0 in ranks]
        if len(plain) >= 5 and "number" in plain and not _numbers(sheet, titles) <= first_numbers:
            lists.append(sheet)  # it has candidates of its own, so it is refused instead of ignored
        else:
            lacking = ", ".join(COLUMNS[column][0] for column in _missing(places))
            warnings.append(f"la feuille « {sheet.name} » n'est pas lue (il y manque : {lacking})")
    if len(lists) > 1:
        named = ", ".join(f"« {sheet.name} »" for sheet in lists)
        raise ConfigurationError(
            f"{path} a plusieurs feuilles de candidats : {named}. Réunissez-les en une seule, ou masquez celles qui ne "
            "servent pas."
        )
    return whole[0].rows, warnings


def _numbers(sheet: Sheet, titles_of: Mapping[str, tuple[Row, _Places]]) -> set[str]:
    """The candidates' numbers in a sheet, without zeros and signs."""
    title_row, places = titles_of[sheet.name]
    index = places["number"][min(places["number"])][0]
    below = sheet.rows[sheet.rows.index(title_row) + 1 :]
    return {bare(row.cells[index]) for row in below if index < len(row.cells)} - {""}


def header(rows: Sequence[Row], path: Path) -> Header:
    """Read the row of titles: of several columns that may be the same, take the plainest; a mistake where two are."""
    best = _titles(rows)
    if best is None:
        raise ConfigurationError(
            f"{path} : les titres des colonnes ne sont pas reconnus. La première ligne dit : numéro, nom, prénom, commission, "
            "sujet, poste, date, heure (dans l'ordre que vous voulez)."
        )
    choice = _Choice(*best)
    choice.plainest()
    choice.wholes()
    choice.convocations()
    choice.lacking()
    return Header(best[0], choice.columns, choice.mistakes, choice.warnings)


class _Choice:
    """Chooses the columns of a row of titles, and collects the mistakes in it and warnings of what isn't read."""

    def __init__(self, row: Row, places: _Places) -> None:
        self._row, self._places_of = row, places
        self.columns: dict[str, int] = {}
        self.mistakes: list[str] = []
        self.warnings: list[str] = []

    def plainest(self) -> None:
        """Choose for each column the plainest title; none where two are as plain."""
        for column, ranks in self._places_of.items():
            first, *others = ranks[min(ranks)]
            parts = [self._places_of[part][0][0] for part in _parts(column) if 0 in self._places_of.get(part, {})]
            if others and len(parts) > 1 and not (column == "at" and self._plain(column)):
                self._warn_of_unread([first, *others], *parts)
                continue
            if others:
                twice = ", ".join(self._titles(index) for index in (first, *others))
                self.mistakes.append(
                    f"plusieurs colonnes sont prises pour « {COLUMNS[column][0]} » : {twice}. Une seule est la bonne : donnez à "
                    "l'autre un autre titre"
                )
                continue
            self.columns[column] = first
            for rank in ranks.keys() - {min(ranks)}:
                self._warn_of_unread(ranks[rank], first)
        # A subject's number beside a CMS is the letter.
        if {"subject", "cms"} <= self.columns.keys() and not self._plain("subject"):
            number = self.columns.pop("subject")
            if self.columns.setdefault("letter", number) != number:
                self._warn_of_unread([number], self.columns["letter"])

    def wholes(self) -> None:
        """Where a column stands beside the two that say the same, read the two; a plain title is read where one lacks."""
        for whole, likely_title in _WHOLE.items():
            if whole not in self.columns:
                continue
            parts = [part for part in _parts(whole) if part in self.columns]
            always = whole == "at" and self._plain(whole)
            if always and not (len(parts) > 1 and all(map(self._plain, parts))):
                for part in parts:
                    self._warn_of_unread([self.columns.pop(part)], self.columns[whole])
                continue
            part_indexes = [self.columns[part] for part in parts]
            if always:
                empty = " ou ".join(map(self._titles, part_indexes))
                self.warnings.append(
                    f"la colonne {self._titles(self.columns[whole])} n'est lue que là où {empty} est vide"
                )
            elif len(part_indexes) > 1:
                self._warn_of_unread([self.columns.pop(whole)], *part_indexes)
            elif part_indexes:
                self.mistakes.append(
                    f"{self._titles(self.columns.pop(whole))} est prise pour « {COLUMNS[whole][0]} », et {self._titles(*part_indexes)} est "
                    f"là aussi. Si elle ne dit que « {COLUMNS[likely_title][0]} », donnez-lui ce titre ; si elle dit autre chose, un titre "
                    "qui le dit"
                )

    def convocations(self) -> None:
        """Warn where a convocation's time is taken for the exam's: candidates may have to come before it begins."""
        for column in ("date", "time", "at"):
            index = self.columns.get(column, -1)
            is_convocation = index >= 0 and "convocation" in fold(self._row.cells[index])
            if is_convocation and not (column == "at" and "time" in self.columns):
                self.warnings.append(
                    f"la colonne {self._titles(index)} est prise pour « {COLUMNS[column][0]} » : si l'épreuve commence à un autre "
                    "moment que la convocation, dites-le dans des colonnes « date » et « heure »"
                )

    def lacking(self) -> None:
        """Add a mistake that names the needed columns that are missing, with the titles that may have meant them."""
        if not (missing := [COLUMNS[column][0] for column in _missing(self._places_of)]):
            return
        if not {"name", "first_name", "whole_name"} & self._places_of.keys():
            missing[missing.index("prénom")] += " (ou une seule, « nom et prénom »)"
        unknown = [f"« {cell} »" for cell in self._row.cells if cell and _title(cell) not in _known()]
        self.mistakes.append(
            f"il manque les colonnes : {', '.join(missing)}"
            + (f" (titres qui ne disent pas laquelle : {', '.join(unknown)})" if unknown else "")
        )

    def _plain(self, column: str) -> bool:
        """Whether a column has one of its plain titles."""
        return 0 in self._places_of[column]

    def _titles(self, *indexes: int) -> str:
        return " et ".join(f"« {self._row.cells[index]} »" for index in indexes)

    def _warn_of_unread(self, aside: Sequence[int], *instead: int) -> None:
        verb = "le sont" if len(instead) > 1 else "l'est"
        self.warnings += [
            f"la colonne {self._titles(index)} n'est pas lue : {self._titles(*instead)} {verb}" for index in aside
        ]


def _parts(whole: str) -> list[str]:
    """The columns that this one replaces."""
    return [column for column, replacement in NEEDED.items() if replacement == whole]


def _missing(places: _Places) -> list[str]:
    return [column for column, replacement in NEEDED.items() if not {column, replacement} & places.keys()]


def _titles(rows: Sequence[Row]) -> tuple[Row, _Places] | None:
    """The row of titles (other rows may come before it), and where each column may stand; None where there is none."""
    best: tuple[Row, _Places] | None = None
    for row in rows[:15]:
        places: dict[str, dict[int, list[int]]] = {}
        for index, cell in enumerate(row.cells):
            if match := _known().get(_title(cell)):
                places.setdefault(match[0], {}).setdefault(match[1], []).append(index)
        if len(places) > len(best[1] if best else ()):
            best = (row, places)
    return best if best and len(best[1]) >= 3 else None


@cache
def _known() -> dict[str, tuple[str, int]]:
    """The column and the rank of every known title."""
    newer = {
        _title(title): (column, 2 if "convocation" in title else 1) for column, all_ in _ELSE.items() for title in all_
    }
    return newer | {_title(title): (column, 0) for column, titles in COLUMNS.items() for title in titles}


def _title(cell: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", fold(cell)).split()
    return " ".join(word for word in words if word not in ("de", "du", "des", "la", "l", "d", "et"))
