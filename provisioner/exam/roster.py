"""The list of candidates, as a centre has it: every mistake at once with its line, columns in any order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.core.clock import EXAM_MINUTES
from provisioner.core.errors import ConfigurationError
from provisioner.core.records import RosterEntry
from provisioner.exam.columns import COLUMNS, Header, header, list_of
from provisioner.exam.tables import Row, read_sheets
from provisioner.french.dates import day, hour_of
from provisioner.french.persons import bare
from provisioner.french.text import fold
from provisioner.host.editions import load_stacks
from provisioner.host.toml_files import read_toml
from provisioner.subject.subjects import subject_ids

#: Words before a name that are no first name.
_CIVILITIES = ("mme", "mlle", "melle", "monsieur", "madame", "mademoiselle", "me")
#: Initials and short civilities, folded: letters with signs between them, or without a vowel. A few names are so.
_INITIALS = r"(?!(?:mc|ng|st)$)(?:[b-df-hj-np-tv-xz]{1,3}|(?:[a-z][.-]+)+[a-z]?)\.?"


@dataclass(frozen=True)
class Line:
    """One candidate at one station at one time, as a file has it; `at` is in the centre's zone."""

    number: str
    name: str
    first_name: str
    commission: str
    subject: str
    place: int
    at: datetime

    @property
    def key(self) -> str:
        """What tells one sitting from another, whatever its hour is corrected to."""
        return f"{self.number}/{self.subject}/{self.at.date()}"

    def document(self) -> dict[str, object]:
        """What an entry of the list that is kept takes of it; its names are RosterEntry's."""
        return {**asdict(self), "at": self.at.isoformat(), "key": self.key}


@dataclass(frozen=True)
class Roster:
    """The candidates in the order of their times, and what the circular would find strange."""

    entries: tuple[Line, ...]
    warnings: tuple[str, ...]


def stem_of(entry: RosterEntry) -> str:
    """What the names of a sitting's documents begin with, whatever signs the candidate's number has."""
    return f"{plain(entry.number)}-{entry.subject}-{entry.at.date()}"


def plain(text: str) -> str:
    """A text as a part of a file's name."""
    return "".join(letter if letter.isalnum() else "-" for letter in text)


def read_roster(path: Path, zone: ZoneInfo, places: int) -> Roster:
    """The list in a file, or one sentence per mistake, each with its line."""
    sheets = read_sheets(path)
    rows, other_sheets = list_of(sheets, path)
    titles = header(rows, path)
    below, mistakes = rows[rows.index(titles.row) + 1 :], [*titles.mistakes]
    entries: list[tuple[int, Line]] = []
    unusual: dict[str, list[int]] = {}
    for row in below:
        reader = _Reader(row, titles, zone, places)
        entry = reader.entry()
        if entry and not reader.mistakes:
            entries.append((row.line, entry))
            for warning in (*reader.warnings, *_unusual(entry, reader.cell("academy"))):
                unusual.setdefault(warning, []).append(row.line)
        mistakes += [f"ligne {row.line} : {mistake}" for mistake in reader.mistakes]
    mistakes += _clashes(entries)
    if not below:
        mistakes.append("aucun candidat n'y est écrit sous les titres des colonnes")
    if mistakes:
        mistakes.sort(key=lambda told: int((re.search(r"ligne (\d+)", told) or [0, 0])[1]))
        raise ConfigurationError("\n".join(f"{path}, {mistake}." for mistake in mistakes))
    warnings = [f"{_lines(lines)} : {warning}" for warning, lines in unusual.items()]
    doubts = [sheet.doubt for sheet in sheets if sheet.doubt]
    by_time = sorted((entry for _, entry in entries), key=lambda one: (one.at, one.place))
    return Roster(tuple(by_time), (*doubts, *other_sheets, *titles.warnings, *warnings))


def _lines(numbers: Sequence[int]) -> str:
    """Where something stands: all of it, or the beginning and how many more."""
    more = f" et {len(numbers) - 3} autres" if len(numbers) > 3 else ""
    return f"ligne{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers[:3]))}{more}"


class _Reader:
    """Reads one row; every mistake in it is kept, not the first alone, whatever other column isn't there."""

    def __init__(self, row: Row, titles: Header, zone: ZoneInfo, places: int) -> None:
        self._row, self._titles, self._columns, self._zone, self._places = row, titles, titles.columns, zone, places
        self.mistakes: list[str] = []
        self.warnings: list[str] = []

    def cell(self, column: str) -> str:
        """The text of a column; empty where the row is short."""
        index = self._columns.get(column, len(self._row.cells))
        return self._row.cells[index] if index < len(self._row.cells) else ""

    def entry(self) -> Line | None:
        """The candidate of this row, his names empty where no column has them; None with mistakes."""
        for column in ("number", "whole_name", "name", "first_name", "commission", "station"):
            if column in self._columns and not self.cell(column):
                self.mistakes.append(f"« {COLUMNS[column][0]} » est vide")
        number = self.cell("number")
        if re.fullmatch(r"\d[.,]\d+E\+?\d+", number, re.I):
            self.mistakes.append(f"le tableur a abîmé le numéro « {number} » : mettez la colonne au format texte")
        elif not all(letter.isalnum() or letter in " -/" for letter in number):  # it stands in files' names
            self.mistakes.append(
                f"le numéro « {number} » a autre chose que des lettres, des chiffres, des espaces, - et /"
            )
        (name, first_name), subject, place, at = self._names(), self._subject(), self._place(), self._at()
        if self.mistakes or not number or subject is None or place is None or at is None:
            return None
        return Line(number, name, first_name, self.cell("commission"), subject, place, at)

    def _names(self) -> tuple[str, str]:
        """The family name, and the first one; of a column that has both, the family name is what is in capitals."""
        if not (told := self.cell("whole_name")):
            return self.cell("name"), self.cell("first_name")
        words = [word for word in re.split(r"[\s,;]+", told) if word]
        big = [word.isupper() and sum(map(str.isalpha, word)) > 1 for word in words]
        name = [word for word, is_big in zip(words, big, strict=True) if is_big]
        first_name = [word for word, is_big in zip(words, big, strict=True) if not is_big]
        apart = sum(one is not other for one, other in pairwise(big)) == 1
        if not apart or not all(map(_is_name, name)) or not all(map(_is_first_name, first_name)):
            self.mistakes.append(
                f"dans « {told} », le nom et le prénom ne se distinguent pas (écrivez le nom seul en capitales, comme DUPONT "
                "Marie, ou faites deux colonnes)"
            )
        return " ".join(name), " ".join(first_name)

    def _subject(self) -> str | None:
        """The subject as one column tells it, or one of its CMS beside one of its letter; what both tell must agree."""
        if not {"cms", "subject"} & self._columns.keys():
            return None
        cms, letter = self.cell("cms"), self.cell("letter")
        own = self.cell("subject") or cms
        if named := _subject_of(own):
            return self._agreed(named, own, cms, letter)
        told = " ".join(filter(None, (cms, self.cell("subject"), letter)))
        if not told:
            self.mistakes.append(f"« {COLUMNS['subject'][0]} » est vide")
        elif named := _subject_of(" ".join((_cms_of(cms) or cms, self.cell("subject"), letter))):
            return named
        else:
            self.mistakes.append(f"le sujet « {told} » n'existe pas (sujets : {', '.join(subject_ids())})")
        return None

    def _agreed(self, subject: str, told: str, cms: str, letter: str) -> str:
        """The subject, where no other column says another CMS or letter; what is no letter is left aside."""
        cms_here, _, letter_here = subject.rpartition("-")
        if cms and (_subject_of(cms) or _cms_of(cms)) not in (subject, cms_here):
            self.mistakes.append(f"la colonne {self._titles.title('cms')} dit « {cms} », le sujet « {told} »")
        said = " ".join(_words(letter))
        if len(said) == 1 and said.isalpha() and said != letter_here:
            self.mistakes.append(f"la colonne {self._titles.title('letter')} dit « {letter} », le sujet « {told} »")
        elif letter and said != letter_here:
            title = self._titles.title("letter")
            self.warnings.append(f"la colonne {title} ne dit pas la lettre d'un sujet, elle n'y est pas lue")
        return subject

    def _place(self) -> int | None:
        told = self.cell("station")
        if not told:
            return None
        found = re.fullmatch(r"(?:poste|p|place|n)?[ .°-]*0*(\d{1,3})", fold(told))
        if found and 1 <= int(found[1]) <= self._places:
            return int(found[1])
        self.mistakes.append(f"le poste « {told} » n'existe pas (la salle en a {self._places} : poste-01, poste-02…)")
        return None

    def _at(self) -> datetime | None:
        written, hour = self.cell("date"), self.cell("time")
        if (told := self.cell("at")) and not (written and hour):
            halves = re.fullmatch(r"(.*\d{2,4}|\d{4}-\d\d-\d\d)[ t,a-]+(\d{1,2}\s*[h:].*)", fold(told))
            if not halves:
                self.mistakes.append(
                    f"{self._titles.title('at')} est prise pour « {COLUMNS['at'][0]} », et « {told} » ne dit pas les deux (écrivez "
                    "21/05/2026 9 h 30) ; si elle dit autre chose, donnez-lui un titre qui le dit, comme « heure de passage »"
                )
                return None
            written, hour = halves[1], halves[2]
        when, at = day(written), hour_of(hour)
        if when is None and {"date", "at"} & self._columns.keys():
            self.mistakes.append(
                f"la date « {written} » n'est pas lisible (écrivez 21/05/2026)" if written else "« date » est vide"
            )
        if at is None and {"time", "at"} & self._columns.keys():
            self.mistakes.append(
                f"l'heure « {hour} » n'est pas lisible (écrivez 9 h 30)" if hour else "« heure » est vide"
            )
        return None if when is None or at is None else datetime.combine(when, at, self._zone)


def _is_first_name(word: str) -> bool:
    """Whether it isn't what ties names together, as "née", either."""
    return word[0].isupper() and not word.isupper() and _is_name(word)


def _is_name(word: str) -> bool:
    """Neither initials nor a civility."""
    return fold(word).rstrip(".") not in _CIVILITIES and not re.fullmatch(_INITIALS, fold(word))


def _words(told: str) -> list[str]:
    """The words of a subject, a CMS or a letter, without those that say which of these it is."""
    return [word for word in dict.fromkeys(re.findall(r"[a-z0-9]+", fold(told))) if word not in ("sujet", "cms")]


def _subject_of(told: str) -> str | None:
    """The subject that a text says, its letter before or after its CMS; None where it says none, or two."""
    if not (words := _words(told)):
        return None
    ways = {f"{_cms(' '.join(words[:-1]))}-{words[-1]}", f"{_cms(' '.join(words[1:]))}-{words[0]}"}
    named = ways & subject_ids().keys()
    return named.pop() if len(named) == 1 else None


def _cms(told: str) -> str:
    """The CMS that is meant: its name, its first letters, or the capitals of its name as it is written."""
    for stack in load_stacks().values():
        written = stack.title.split()[0]
        capitals = "".join(letter for letter in written if letter.isupper()).lower()
        if told == capitals or (len(told) >= 5 and fold(written).startswith(told.replace(" ", ""))):
            return stack.cms
    return told


def _cms_of(told: str) -> str | None:
    """The CMS that a cell begins with, whatever version comes after it; None where a letter does, as a subject's."""
    words = [word for word in re.findall("[a-z]+", fold(told)) if word not in ("cms", "v")]
    for length in range(len(words), 0, -1):
        cms = _cms(" ".join(words[:length]))
        if any(cms == stack.cms for stack in load_stacks().values()) and all(len(word) > 1 for word in words[length:]):
            return cms
    return None


def _clashes(entries: Sequence[tuple[int, Line]]) -> Iterator[str]:
    """Two candidates at one station at once, one candidate in two places, one number with two names."""
    for index, (line, entry) in enumerate(entries):
        for earlier, other in entries[:index]:
            meet = abs(entry.at - other.at) < timedelta(minutes=EXAM_MINUTES)
            same = bare(entry.number) == bare(other.number)
            if same and entry.number != other.number:
                yield (
                    f"ligne {line} : le numéro {entry.number} est écrit {other.number} à la ligne {earlier} ; écrivez-le "
                    "partout de la même façon"
                )
            elif same and (fold(entry.name), fold(entry.first_name)) != (fold(other.name), fold(other.first_name)):
                yield f"ligne {line} : le numéro {entry.number} est déjà celui de {other.name} {other.first_name} (ligne {earlier})"
            elif same and (meet or entry.subject == other.subject):
                yield f"ligne {line} : le candidat {entry.number} est déjà inscrit, ligne {earlier}"
            elif meet and entry.place == other.place:
                yield (
                    f"ligne {line} : poste-{entry.place:02} est déjà pris à {other.at:%H h %M} (ligne {earlier}) ; "
                    f"un candidat y reste {EXAM_MINUTES} minutes"
                )


def _unusual(entry: Line, academy: str) -> Iterator[str]:
    calendar = _circular()
    if entry.at.date() not in calendar["days"]:
        yield f"le {entry.at:%d/%m/%Y} n'est pas un jour de l'épreuve pratique de la session {calendar['session']} (circulaire, annexe I)"
    if academy and fold(academy) not in {fold(known) for known in calendar["academies"]}:
        yield f"« {academy} » n'est pas une académie de la circulaire (annexe II)"


@cache
def _circular() -> dict[str, Any]:
    return read_toml(Path(__file__).with_name("circular.toml"))
