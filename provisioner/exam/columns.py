"""Which column of a list of candidates is which, by the titles that centres give.

The plainer title goes before the newer; between equals, a person decides.
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


def _counted(*things: str) -> tuple[str, ...]:
    """Such a thing's number, which stands before or after it."""
    return tuple(title for thing in things for n in _NUMBER for title in (f"{n} {thing}", f"{thing} {n}"))


def _of_occasions(*words: str) -> tuple[str, ...]:
    return tuple(f"{word} {occasion}" for word in words for occasion in _OCCASIONS)


#: What the columns may be called; folded, without signs and little words. The first is the name that messages use.
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
            for one in _NAMES
            for other in _FIRST_NAMES
            for both in (f"{one} {other}", f"{other} {one}")
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
#: What they may be called as well, where no title above is there: beside it, these say something else.
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
#: What a list needs, and the column that may have it in another's place.
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
#: The columns that say what two others say, and the title of theirs that may have been meant.
_WHOLE = {"whole_name": "name", "at": "time"}

#: Where each column may stand in a row of titles, by how far the title is from the plainest: 0, 1, a convocation's is 2.
_Places = Mapping[str, Mapping[int, Sequence[int]]]


@dataclass(frozen=True)
class Header:
    """The row of titles: where each column stands that can't be another, what is wrong, what is left aside or doubtful."""

    row: Row
    columns: Mapping[str, int]
    mistakes: Sequence[str]
    warnings: Sequence[str]

    def title(self, column: str) -> str:
        """As the list has it."""
        return f"« {self.row.cells[self.columns[column]]} »"


def list_of(sheets: Sequence[Sheet], path: Path) -> tuple[Sequence[Row], list[str]]:
    """The rows of the sheet of candidates, and a warning per other that looks like one, as a sheet to sign on does."""
    found = {sheet.name: best for sheet in sheets if (best := _titles(sheet.rows))}
    whole = [sheet for sheet in sheets if sheet.name in found and not _missing(found[sheet.name][1])]
    if not whole:
        fullest = max(sheets, key=lambda sheet: len(found[sheet.name][1]) if sheet.name in found else 0, default=None)
        return fullest.rows if fullest else (), []
    here, lists, warnings = _numbers(whole[0], found), whole[:], []
    for sheet in sheets:
        places = found[sheet.name][1] if sheet.name in found else {}
        if sheet in whole or "number" not in places or len(places) < 5:
            continue
        plain = [column for column, ranks in places.items() if 0 in ranks]
        if len(plain) >= 5 and "number" in plain and not _numbers(sheet, found) <= here:
            lists.append(sheet)  # it has candidates of its own: its titles are to be mended
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


def _numbers(sheet: Sheet, found: Mapping[str, tuple[Row, _Places]]) -> set[str]:
    """The candidates' numbers in a sheet, without zeros and signs."""
    titles, places = found[sheet.name]
    index = places["number"][min(places["number"])][0]
    below = sheet.rows[sheet.rows.index(titles) + 1 :]
    return {bare(row.cells[index]) for row in below if index < len(row.cells)} - {""}


def header(rows: Sequence[Row], path: Path) -> Header:
    """The row of titles, read: of those that may be one column, the plainest is it; a person decides where none is."""
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
    where = f"ligne {best[0].line} : "
    return Header(
        best[0], choice.columns, [where + one for one in choice.mistakes], [where + one for one in choice.warnings]
    )


class _Choice:
    """Chooses the columns of a row of titles, and says what is wrong with it and what is left aside."""

    def __init__(self, row: Row, found: _Places) -> None:
        self._row, self._found = row, found
        self.columns: dict[str, int] = {}
        self.mistakes: list[str] = []
        self.warnings: list[str] = []

    def plainest(self) -> None:
        """One column of each kind, under the plainest of its titles; none where two are as plain."""
        for column, ranks in self._found.items():
            first, *others = ranks[min(ranks)]
            parts = [self._found[part][0][0] for part in _parts(column) if 0 in self._found.get(part, {})]
            if others and len(parts) > 1 and not (column == "at" and self._plain(column)):
                self._leave([first, *others], *parts)
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
                self._leave(ranks[rank], first)
        # A subject's number beside a CMS is the letter.
        if {"subject", "cms"} <= self.columns.keys() and not self._plain("subject"):
            number = self.columns.pop("subject")
            if self.columns.setdefault("letter", number) != number:
                self._leave([number], self.columns["letter"])

    def wholes(self) -> None:
        """Of a column and the two that say the same, those are read; its plain titles are always read where one lacks."""
        for whole, meant in _WHOLE.items():
            if whole not in self.columns:
                continue
            parts = [part for part in _parts(whole) if part in self.columns]
            always = whole == "at" and self._plain(whole)
            if always and not (len(parts) > 1 and all(map(self._plain, parts))):
                for part in parts:
                    self._leave([self.columns.pop(part)], self.columns[whole])
                continue
            beside = [self.columns[part] for part in parts]
            if always:
                empty = " ou ".join(map(self._titles, beside))
                self.warnings.append(
                    f"la colonne {self._titles(self.columns[whole])} n'est lue que là où {empty} est vide"
                )
            elif len(beside) > 1:
                self._leave([self.columns.pop(whole)], *beside)
            elif beside:
                self.mistakes.append(
                    f"{self._titles(self.columns.pop(whole))} est prise pour « {COLUMNS[whole][0]} », et {self._titles(*beside)} est "
                    f"là aussi. Si elle ne dit que « {COLUMNS[meant][0]} », donnez-lui ce titre ; si elle dit autre chose, un titre "
                    "qui le dit"
                )

    def convocations(self) -> None:
        """Candidates may be asked to come before their exam begins."""
        for column in ("date", "time", "at"):
            index = self.columns.get(column, -1)
            asked = index >= 0 and "convocation" in fold(self._row.cells[index])
            if asked and not (column == "at" and "time" in self.columns):
                self.warnings.append(
                    f"la colonne {self._titles(index)} est prise pour « {COLUMNS[column][0]} » : si l'épreuve commence à un autre "
                    "moment que la convocation, dites-le dans des colonnes « date » et « heure »"
                )

    def lacking(self) -> None:
        """What a list needs and this one hasn't, with the titles that may have meant it."""
        if not (missing := [COLUMNS[column][0] for column in _missing(self._found)]):
            return
        if not {"name", "first_name", "whole_name"} & self._found.keys():
            missing[missing.index("prénom")] += " (ou une seule, « nom et prénom »)"
        unknown = [f"« {cell} »" for cell in self._row.cells if cell and _title(cell) not in _known()]
        self.mistakes.append(
            f"il manque les colonnes : {', '.join(missing)}"
            + (f" (titres qui ne disent pas laquelle : {', '.join(unknown)})" if unknown else "")
        )

    def _plain(self, column: str) -> bool:
        """Whether it has a title that was always read."""
        return 0 in self._found[column]

    def _titles(self, *indexes: int) -> str:
        return " et ".join(f"« {self._row.cells[index]} »" for index in indexes)

    def _leave(self, aside: Sequence[int], *instead: int) -> None:
        verb = "le sont" if len(instead) > 1 else "l'est"
        self.warnings += [
            f"la colonne {self._titles(one)} n'est pas lue : {self._titles(*instead)} {verb}" for one in aside
        ]


def _parts(whole: str) -> list[str]:
    """The columns that say together what this one does."""
    return [column for column, other in NEEDED.items() if other == whole]


def _missing(found: _Places) -> list[str]:
    return [column for column, other in NEEDED.items() if not {column, other} & found.keys()]


def _titles(rows: Sequence[Row]) -> tuple[Row, _Places] | None:
    """The row of titles (a list may begin with others), and where each column may stand; None where there is none."""
    best: tuple[Row, _Places] | None = None
    for row in rows[:15]:
        found: dict[str, dict[int, list[int]]] = {}
        for index, cell in enumerate(row.cells):
            if known := _known().get(_title(cell)):
                found.setdefault(known[0], {}).setdefault(known[1], []).append(index)
        if len(found) > len(best[1] if best else ()):
            best = (row, found)
    return best if best and len(best[1]) >= 3 else None


@cache
def _known() -> dict[str, tuple[str, int]]:
    """The column that a title says, and how far it is from the plainest one."""
    newer = {_title(one): (column, 2 if "convocation" in one else 1) for column, all_ in _ELSE.items() for one in all_}
    return newer | {_title(one): (column, 0) for column, titles in COLUMNS.items() for one in titles}


def _title(cell: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", fold(cell)).split()
    return " ".join(word for word in words if word not in ("de", "du", "des", "la", "l", "d", "et"))
