"""Reads a centre's list of candidates, with its columns in any order; all mistakes at once, each with its line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.core.clock import EXAM_MINUTES
from provisioner.core.errors import ConfigurationError
from provisioner.core.records import RosterEntry
from provisioner.exam.columns import COLUMNS, Header, header, list_of
from provisioner.exam.tables import Row, Sheet, read_sheets
from provisioner.french.dates import day, hour_of
from provisioner.french.persons import bare
from provisioner.french.text import fold
from provisioner.host.editions import load_stacks
from provisioner.host.toml_files import read_toml
from provisioner.subject.subjects import subject_ids

#: Civilities, folded: words before a name that are no first name.
_CIVILITIES = ("mme", "mlle", "melle", "monsieur", "madame", "mademoiselle", "me")
#: Initials and short civilities, folded: letters with signs between them, or without a vowel, except for a few names.
_INITIALS = r"(?!(?:mc|ng|st)$)(?:[b-df-hj-np-tv-xz]{1,3}|(?:[a-z][.-]+)+[a-z]?)\.?"

#: How many clashes of a kind with earlier lines are told of a line.
_MOST_CLASHES = 3


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
        """What identifies a sitting: number, subject and day, so that the hour may be corrected."""
        return f"{self.number}/{self.subject}/{self.at.date()}"

    def document(self) -> dict[str, object]:
        """The line's fields as RosterEntry names them."""
        return {**asdict(self), "at": self.at.isoformat(), "key": self.key}


@dataclass(frozen=True)
class Roster:
    """The candidates in the order of their times, and French warnings, as of a day that isn't the circular's."""

    entries: tuple[Line, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Mistake:
    """What is wrong at a line of a list, in French; line 0: with the whole list.

    `column` is the cell's, as COLUMNS names it; empty where the mistake is no single cell's.
    """

    line: int
    text: str
    column: str = ""


@dataclass(frozen=True)
class Reading:
    """A list as it was read: its titles, the rows below them, its mistakes by line; `roster` has the lines without any."""

    titles: Header
    rows: tuple[Row, ...]
    mistakes: tuple[Mistake, ...]
    roster: Roster


def stem_of(entry: RosterEntry) -> str:
    """The beginning of the file names of a sitting's documents; signs in the candidate's number become "-"."""
    return f"{plain(entry.number)}-{entry.subject}-{entry.at.date()}"


def plain(text: str) -> str:
    """A text as a part of a file's name."""
    return "".join(letter if letter.isalnum() else "-" for letter in text)


def read_roster(path: Path, zone: ZoneInfo, places: int, session: str) -> Roster:
    """Read the list in a file; ConfigurationError has one sentence per mistake, each with its line.

    `session` is the exam's, e.g. "2024": a day that its circular doesn't name is said.
    """
    reading = reading_of(read_sheets(path), path, zone, places, session)
    if reading.mistakes:
        where = [f"ligne {mistake.line} : " if mistake.line else "" for mistake in reading.mistakes]
        sentences = zip(where, reading.mistakes, strict=True)
        raise ConfigurationError("\n".join(f"{path}, {line}{mistake.text}." for line, mistake in sentences))
    return reading.roster


def reading_of(sheets: Sequence[Sheet], path: Path, zone: ZoneInfo, places: int, session: str) -> Reading:
    """Read the list in these sheets of the file; ConfigurationError where none of them looks like a list."""
    rows, other_sheets = list_of(sheets, path)
    titles = header(rows, path)
    below = rows[rows.index(titles.row) + 1 :]
    mistakes = [Mistake(titles.row.line, sentence) for sentence in titles.mistakes]
    entries: list[tuple[int, Line]] = []
    unusual: dict[str, list[int]] = {}
    for row in below:
        reader = _Reader(row, titles, zone, places)
        entry = reader.entry()
        if entry and not reader.mistakes:
            entries.append((row.line, entry))
            for warning in (*reader.warnings, *_unusual(entry, reader.cell("academy"), session)):
                unusual.setdefault(warning, []).append(row.line)
        mistakes += reader.mistakes
    mistakes += _clashes(entries)
    if not below:
        mistakes.append(Mistake(0, "aucun candidat n'y est écrit sous les titres des colonnes"))
    mistakes.sort(key=lambda mistake: mistake.line)
    warnings = [f"{_lines(lines)} : {warning}" for warning, lines in unusual.items()]
    doubts = [sheet.doubt for sheet in sheets if sheet.doubt]
    by_time = sorted((entry for _, entry in entries), key=lambda entry: (entry.at, entry.place))
    roster = Roster(
        tuple(by_time),
        (*doubts, *other_sheets, *(f"ligne {titles.row.line} : {text}" for text in titles.warnings), *warnings),
    )
    return Reading(titles, tuple(below), tuple(mistakes), roster)


def _lines(numbers: Sequence[int]) -> str:
    """Line numbers in French: up to three of them, and how many more."""
    more = f" et {len(numbers) - 3} autres" if len(numbers) > 3 else ""
    return f"ligne{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers[:3]))}{more}"


class _Reader:
    """Reads one row, and collects every mistake in it, even where a column is missing."""

    def __init__(self, row: Row, titles: Header, zone: ZoneInfo, places: int) -> None:
        self._row, self._titles, self._columns, self._zone, self._places = row, titles, titles.columns, zone, places
        self.mistakes: list[Mistake] = []
        self.warnings: list[str] = []

    def _wrong(self, column: str, text: str) -> None:
        self.mistakes.append(Mistake(self._row.line, text, column))

    def cell(self, column: str) -> str:
        """The text of a column; empty where the row is short."""
        index = self._columns.get(column, len(self._row.cells))
        return self._row.cells[index] if index < len(self._row.cells) else ""

    def entry(self) -> Line | None:
        """The candidate of this row, with empty names where no column has them; None where there are mistakes."""
        for column in ("number", "whole_name", "name", "first_name", "commission", "station"):
            if column in self._columns and not self.cell(column):
                self._wrong(column, f"« {COLUMNS[column][0]} » est vide")
        number = self.cell("number")
        if re.fullmatch(r"\d[.,]\d+E\+?\d+", number, re.I):
            self._wrong("number", f"le tableur a abîmé le numéro « {number} » : mettez la colonne au format texte")
        elif not all(letter.isalnum() or letter in " -/" for letter in number):  # it becomes part of file names
            self._wrong(
                "number", f"le numéro « {number} » a autre chose que des lettres, des chiffres, des espaces, - et /"
            )
        (name, first_name), subject, place, at = self._names(), self._subject(), self._place(), self._at()
        if self.mistakes or not number or subject is None or place is None or at is None:
            return None
        return Line(number, name, first_name, self.cell("commission"), subject, place, at)

    def _names(self) -> tuple[str, str]:
        """The family name and the first name; in a column that has both, the family name is in capitals."""
        if not (whole_name := self.cell("whole_name")):
            return self.cell("name"), self.cell("first_name")
        words = [word for word in re.split(r"[\s,;]+", whole_name) if word]
        capitals = [word.isupper() and sum(map(str.isalpha, word)) > 1 for word in words]
        name = [word for word, is_capitals in zip(words, capitals, strict=True) if is_capitals]
        first_name = [word for word, is_capitals in zip(words, capitals, strict=True) if not is_capitals]
        in_two_blocks = sum(left is not right for left, right in pairwise(capitals)) == 1
        if not in_two_blocks or not all(map(_is_name, name)) or not all(map(_is_first_name, first_name)):
            self._wrong(
                "whole_name",
                f"dans « {whole_name} », le nom et le prénom ne se distinguent pas (écrivez le nom seul en capitales, comme DUPONT "
                "Marie, ou faites deux colonnes)",
            )
        return " ".join(name), " ".join(first_name)

    def _subject(self) -> str | None:
        """The subject, from one column, or from a column of the CMS and one of the letter; a mistake where they differ."""
        if not {"cms", "subject"} & self._columns.keys():
            return None
        cms, letter = self.cell("cms"), self.cell("letter")
        subject_cell = self.cell("subject") or cms
        if subject := _subject_of(subject_cell):
            return self._agreed(subject, subject_cell, cms, letter)
        written = " ".join(filter(None, (cms, self.cell("subject"), letter)))
        column = "subject" if "subject" in self._columns else "cms"
        if not written:
            self._wrong(column, f"« {COLUMNS['subject'][0]} » est vide")
        elif subject := _subject_of(" ".join((_cms_of(cms) or cms, self.cell("subject"), letter))):
            return subject
        else:
            self._wrong(column, f"le sujet « {written} » n'existe pas (sujets : {', '.join(subject_ids())})")
        return None

    def _agreed(self, subject: str, written: str, cms: str, letter: str) -> str:
        """The subject; a mistake where another column says another CMS or letter, a warning where that is no letter."""
        cms_here, _, letter_here = subject.rpartition("-")
        if cms and (_subject_of(cms) or _cms_of(cms)) not in (subject, cms_here):
            self._wrong("cms", f"la colonne {self._titles.title('cms')} dit « {cms} », le sujet « {written} »")
        letter_word = " ".join(_words(letter))
        if len(letter_word) == 1 and letter_word.isalpha() and letter_word != letter_here:
            self._wrong("letter", f"la colonne {self._titles.title('letter')} dit « {letter} », le sujet « {written} »")
        elif letter and letter_word != letter_here:
            title = self._titles.title("letter")
            self.warnings.append(f"la colonne {title} ne dit pas la lettre d'un sujet, elle n'y est pas lue")
        return subject

    def _place(self) -> int | None:
        written = self.cell("station")
        if not written:
            return None
        match = re.fullmatch(r"(?:poste|p|place|n)?[ .°-]*0*(\d{1,3})", fold(written))
        if match and 1 <= int(match[1]) <= self._places:
            return int(match[1])
        self._wrong(
            "station", f"le poste « {written} » n'existe pas (la salle en a {self._places} : poste-01, poste-02…)"
        )
        return None

    def _at(self) -> datetime | None:
        date_text, hour_text = self.cell("date"), self.cell("time")
        if (both := self.cell("at")) and not (date_text and hour_text):
            parts = re.fullmatch(r"(.*\d{2,4}|\d{4}-\d\d-\d\d)[ t,a-]+(\d{1,2}\s*[h:].*)", fold(both))
            if not parts:
                self._wrong(
                    "at",
                    f"{self._titles.title('at')} est prise pour « {COLUMNS['at'][0]} », et « {both} » ne dit pas les deux (écrivez "
                    "21/05/2026 9 h 30) ; si elle dit autre chose, donnez-lui un titre qui le dit, comme « heure de passage »",
                )
                return None
            date_text, hour_text = parts[1], parts[2]
        date_read, time_read = day(date_text), hour_of(hour_text)
        if date_read is None and {"date", "at"} & self._columns.keys():
            self._wrong(
                "date" if "date" in self._columns else "at",
                f"la date « {date_text} » n'est pas lisible (écrivez 21/05/2026)" if date_text else "« date » est vide",
            )
        if time_read is None and {"time", "at"} & self._columns.keys():
            self._wrong(
                "time" if "time" in self._columns else "at",
                f"l'heure « {hour_text} » n'est pas lisible (écrivez 9 h 30)" if hour_text else "« heure » est vide",
            )
        return None if date_read is None or time_read is None else datetime.combine(date_read, time_read, self._zone)


def _is_first_name(word: str) -> bool:
    """Whether it may be a first name: not in capitals, and no word that joins names, as "née"."""
    return word[0].isupper() and not word.isupper() and _is_name(word)


def _is_name(word: str) -> bool:
    """Whether it is neither initials nor a civility."""
    return fold(word).rstrip(".") not in _CIVILITIES and not re.fullmatch(_INITIALS, fold(word))


def _words(text: str) -> list[str]:
    """The words of a subject, a CMS or a letter, without the words "sujet" and "CMS"."""
    return [word for word in dict.fromkeys(re.findall(r"[a-z0-9]+", fold(text))) if word not in ("sujet", "cms")]


def _subject_of(text: str) -> str | None:
    """The subject that a text names, its letter before or after its CMS; None where it names none, or two."""
    if not (words := _words(text)):
        return None
    possible = {f"{_cms(' '.join(words[:-1]))}-{words[-1]}", f"{_cms(' '.join(words[1:]))}-{words[0]}"}
    named = possible & subject_ids().keys()
    return named.pop() if len(named) == 1 else None


def _cms(text: str) -> str:
    """The CMS that a text names by its name, its first letters or its capitals; the text itself where it names none."""
    for stack in load_stacks().values():
        written = stack.title.split()[0]
        capitals = "".join(letter for letter in written if letter.isupper()).lower()
        if text == capitals or (len(text) >= 5 and fold(written).startswith(text.replace(" ", ""))):
            return stack.cms
    return text


def _cms_of(cell: str) -> str | None:
    """The CMS that a cell begins with, whatever version follows; None where a single letter follows, as a subject's."""
    words = [word for word in re.findall("[a-z]+", fold(cell)) if word not in ("cms", "v")]
    for length in range(len(words), 0, -1):
        cms = _cms(" ".join(words[:length]))
        if any(cms == stack.cms for stack in load_stacks().values()) and all(len(word) > 1 for word in words[length:]):
            return cms
    return None


def _clashes(entries: Sequence[tuple[int, Line]]) -> Iterator[Mistake]:
    """Mistakes between lines: two candidates at one station at once, one candidate twice, one number with two names.

    Of each line, the first three of a kind: a number that stands on all lines isn't told for each two of them.
    """
    of_number, of_place = dict[str, list[tuple[int, Line]]](), dict[int, list[tuple[int, Line]]]()
    for line, entry in entries:
        number = bare(entry.number)
        same_number, same_place = of_number.setdefault(number, []), of_place.setdefault(entry.place, [])
        others = [(earlier_line, earlier) for earlier_line, earlier in same_place if bare(earlier.number) != number]
        for column, alike, clash in (
            ("number", same_number, _clash_of_numbers),
            ("station", others, _clash_of_places),
        ):
            texts = filter(None, (clash(entry, earlier, at_line) for at_line, earlier in alike))
            for text in islice(texts, _MOST_CLASHES):
                yield Mistake(line, text, column)
        same_number.append((line, entry))
        same_place.append((line, entry))


def _clash_of_numbers(entry: Line, earlier: Line, earlier_line: int) -> str:
    """What is wrong with two lines of one number; empty where nothing is."""
    if entry.number != earlier.number:
        return f"le numéro {entry.number} est écrit {earlier.number} à la ligne {earlier_line} ; écrivez-le partout de la même façon"
    if (fold(entry.name), fold(entry.first_name)) != (fold(earlier.name), fold(earlier.first_name)):
        return f"le numéro {entry.number} est déjà celui de {earlier.name} {earlier.first_name} (ligne {earlier_line})"
    if _overlap(entry, earlier) or entry.subject == earlier.subject:
        return f"le candidat {entry.number} est déjà inscrit, ligne {earlier_line}"
    return ""


def _clash_of_places(entry: Line, earlier: Line, earlier_line: int) -> str:
    """What is wrong with two lines of one station; empty where nothing is."""
    if not _overlap(entry, earlier):
        return ""
    return (
        f"poste-{entry.place:02} est déjà pris à {earlier.at:%H h %M} (ligne {earlier_line}) ; "
        f"un candidat y reste {EXAM_MINUTES} minutes"
    )


def _overlap(one: Line, other: Line) -> bool:
    return abs(one.at - other.at) < timedelta(minutes=EXAM_MINUTES)


def _unusual(entry: Line, academy: str, session: str) -> Iterator[str]:
    circular = _circular()
    days = circular["days"].get(session)
    if days and entry.at.date() not in days:
        yield f"le {entry.at:%d/%m/%Y} n'est pas un jour de l'épreuve pratique de la session {session} (circulaire, annexe I)"
    elif not days and str(entry.at.year) != session:
        yield f"le {entry.at:%d/%m/%Y} n'est pas de l'année de la session {session}, dont e5b ne connaît pas le calendrier"
    if academy and fold(academy) not in map(fold, circular["academies"]):
        yield f"« {academy} » n'est pas une académie de la circulaire (annexe II)"


@cache
def _circular() -> dict[str, Any]:
    return read_toml(Path(__file__).with_name("circular.toml"))
