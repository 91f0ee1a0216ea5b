"""What a candidate added to the programs of his site: files that run, programs of its database, and programs in what it stores.

They are read in a copy, while the checks look at it. Honest work adds none: contents are no programs, and what a site writes
while it is used is named in `checks/<cms>/files.toml`. A page, then, is made by the programs of the golden image, of contents.
"""

import html
import json
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from provisioner.core.errors import EngineError, EngineUnavailable
from provisioner.engine.layers import changed_files, same_contents, sleeping_container
from provisioner.examination.document import AdditionsDocument
from provisioner.host.editions import stack_named
from provisioner.host.paths import ROOT
from provisioner.station.copies import Copy, labels_of

#: Where the programs of a station are.
_PLACES = ("/var/www", "/etc", "/opt", "/usr")
#: What the ends of names say of files that nothing runs.
_HARMLESS = frozenset(
    [
        "avif",
        "bmp",
        "css",
        "csv",
        "doc",
        "docx",
        "eot",
        "gif",
        "gz",
        "ico",
        "jpeg",
        "jpg",
        "json",
        "log",
        "map",
        "md",
        "mo",
        "mp3",
        "mp4",
        "odt",
        "otf",
        "pdf",
        "png",
        "po",
        "pot",
        "ppt",
        "pptx",
        "rtf",
        "sql",
        "tif",
        "tiff",
        "ttf",
        "txt",
        "wav",
        "webm",
        "webp",
        "woff",
        "woff2",
        "xls",
        "xlsx",
        "zip",
    ]
)
#: The names of files that a server runs or that a browser takes for a page or a program, where they were uploaded.
_LOADED = re.compile(
    r"^\.|\.(?:m?js|x?html?|xht|shtml|svgz?|xml|xslt?|wasm|swf|php\d?|pht|phtml|phar|inc|tpl)$", re.IGNORECASE
)
#: How many of each kind a report names.
_SHOWN = 20
#: How long reading files, or the database, may take, in seconds.
_DEADLINE = 60
#: How long a file that the site writes anew may be, in bytes.
_LONGEST_REWRITTEN = 1 << 16
#: How much may be read of the database, in bytes.
_LONGEST = 16 << 20
#: Views and computed columns answer otherwise than what is kept, the others run programs: neither CMS makes any of them.
_DATABASE_PROGRAMS = """
select concat(if(table_type = 'VIEW', 'vue ', 'table d’une autre sorte '), table_name) from information_schema.tables
    where table_schema = 'site' and table_type <> 'BASE TABLE'
union all select concat('colonne calculée ', table_name, '.', column_name) from information_schema.columns
    where table_schema = 'site' and is_generated = 'ALWAYS'
union all select concat('déclencheur ', trigger_name) from information_schema.triggers where trigger_schema = 'site'
union all select concat('routine ', routine_name) from information_schema.routines where routine_schema = 'site'
union all select concat('événement ', event_name) from information_schema.events where event_schema = 'site'
limit 100
"""
_READER = Path(__file__).with_name("stored_programs.php")
#: How many programs the reader gives at most, and of how much text they are compared with a page's.
_MOST_STORED, _MOST_TEXT = 60, 1 << 20
#: Where a text begins to be a script, and where it ends.
_SCRIPT = re.compile(r"<\s*+script\b", re.IGNORECASE)
_SCRIPT_END = re.compile(r"<\s*+/\s*+script", re.IGNORECASE)
#: How long a piece of a script has to be to tell that it is the same, in signs without spaces.
_PIECE = 24


@dataclass(frozen=True)
class StoredProgram:
    """Something that the site stores and that a browser would run. `place` is its table and number; `name` its title."""

    place: str
    name: str
    text: str


@dataclass(frozen=True)
class Additions:
    """What was added to the programs of a site.

    `files` were changed or are new, and may run for any page; a page may have a browser load `page_files`; `stored` are in
    contents. `in_database` are the first hundred views, triggers and the like of the database. `unread` says why they can't be known.
    """

    files: tuple[str, ...] = ()
    page_files: tuple[str, ...] = ()
    stored: tuple[StoredProgram, ...] = ()
    unread: str = ""
    in_database: tuple[str, ...] = ()

    @property
    def in_pages(self) -> bool:
        """Whether a page may have a visitor's browser run something of it."""
        return bool(self.page_files or self.stored)

    def __bool__(self) -> bool:
        return bool(self.files or self.page_files or self.stored or self.unread or self.in_database)

    def document(self) -> AdditionsDocument:
        """What a report says of them: the first of each kind, and how many there are."""
        return {
            "files": list(self.files[:_SHOWN]),
            "files_count": len(self.files),
            "page_files": list(self.page_files[:_SHOWN]),
            "page_files_count": len(self.page_files),
            "stored": [{"place": program.place, "name": program.name} for program in self.stored[:_SHOWN]],
            "stored_count": len(self.stored),
            "unread": self.unread,
            "in_database": list(self.in_database[:_SHOWN]),
            "in_database_count": len(self.in_database),
        }


@dataclass(frozen=True)
class _ProgramFiles:
    """See `checks/<cms>/files.toml`."""

    root: PurePosixPath
    written: re.Pattern[str]
    uploads: re.Pattern[str]
    own_lines: Mapping[str, Collection[bytes]]


def read_additions(copy: Copy) -> Additions:
    """What was added to the programs of that copy's site. EngineUnavailable; other failures are what the result says."""
    try:
        files, page_files = sorted_files(copy.station.stack, _changed(copy))
        return Additions(files, page_files, _stored(copy), in_database=_in_database(copy))
    except EngineUnavailable:
        raise
    except (EngineError, ValueError, RecursionError) as error:
        return Additions(unread=" ".join(str(error).split())[:240])


def sorted_files(stack: str, paths: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of the paths that changed, those that may run for any page, and those that a page may have a browser load."""
    known = _program_files(stack_named(stack).cms)
    running, loaded = [], []
    for path in sorted(paths):
        name = PurePosixPath(path)
        if name.suffix[1:].lower() in _HARMLESS:
            continue
        inside = str(name.relative_to(known.root)) if name.is_relative_to(known.root) else ""
        if inside and known.written.match(inside):
            continue
        if not (inside and known.uploads.match(inside)):
            running.append(inside or path)
        elif _LOADED.search(name.name):
            loaded.append(inside)
    return tuple(running), tuple(loaded)


@cache
def _program_files(cms: str) -> _ProgramFiles:
    known = tomllib.loads((ROOT / "checks" / cms / "files.toml").read_text(encoding="utf-8"))
    own_lines = {path: {line.encode() for line in lines} for path, lines in known.get("own_lines", {}).items()}
    return _ProgramFiles(PurePosixPath(known["root"]), _any(known["written"]), _any(known["uploads"]), own_lines)


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns) or "(?!)")


def _changed(copy: Copy) -> list[str]:
    """The paths of the files that may run and aren't those of the golden image."""
    centre, station = copy.centre, copy.station
    golden, labels, twin = _golden(copy)
    place = centre.engine, golden, copy.container, labels, twin
    changed = changed_files(*place, _PLACES, _DEADLINE)
    running = [path for path in changed if any(sorted_files(station.stack, [_text(path)]))]
    same = same_contents(*place, running, _DEADLINE)
    return [path for path in (_text(path) for path in running if path not in same) if not _rewritten(copy, path)]


def _rewritten(copy: Copy, path: str) -> bool:
    """Whether it is a file that the site writes anew, and has only lines of the site's own."""
    known = _program_files(stack_named(copy.station.stack).cms)
    name = PurePosixPath(path)
    own = known.own_lines.get(str(name.relative_to(known.root))) if name.is_relative_to(known.root) else None
    lines = None if own is None else _lines(copy, copy.container, path)
    if own is None or lines is None:
        return False
    host = urlsplit(copy.station.address).netloc.encode()
    allowed = {line.replace(b"{host}", host) for line in own}
    lines = [line for line in lines if line not in allowed]
    if lines:
        with sleeping_container(copy.centre.engine, *_golden(copy)) as twin:
            golden = frozenset(_lines(copy, twin, path) or ())
        return golden.issuperset(lines)
    return True


def _lines(copy: Copy, container: str, path: str) -> list[bytes] | None:
    """The lines of a file that are no comment, without the spaces around them; None where it can't be read."""
    # Not through a link, which may lead to a file that nobody but root may read, or that has no end.
    command = [
        "sh",
        "-c",
        'test -f "$1" && test ! -L "$1" && head -c "$2" "$1"',
        "sh",
        path,
        str(_LONGEST_REWRITTEN + 1),
    ]
    output = copy.centre.engine.run(container, command, seconds=_DEADLINE)
    if output.status != 0 or len(output.stdout) > _LONGEST_REWRITTEN:
        return None
    lines = (line.strip() for line in output.stdout.split(b"\n"))
    return [line for line in lines if line and not (line.startswith(b"#") and not line.endswith(b"\\"))]


def _golden(copy: Copy) -> tuple[str, Mapping[str, str], str]:
    """The golden image of that copy, and the labels and the name of a container of it."""
    centre, station = copy.centre, copy.station
    return station.golden, labels_of(centre, station), f"e5b-{centre.room.name}-{station.name}-depart"


def _text(path: bytes) -> str:
    return path.decode(errors="backslashreplace")


def _in_database(copy: Copy) -> tuple[str, ...]:
    command = ["mariadb", "--batch", "--skip-column-names", "--default-character-set=utf8mb4", "site"]
    output = copy.centre.engine.run(copy.container, command, stdin=_DATABASE_PROGRAMS.encode(), seconds=_DEADLINE)
    if output.status != 0 or len(output.stdout) > _LONGEST:
        raise ValueError(f"base de données : {output.stderr[-200:].decode(errors='replace')}")
    return tuple(filter(None, output.stdout.decode(errors="replace").split("\n")))


def _stored(copy: Copy) -> tuple[StoredProgram, ...]:
    output = copy.centre.engine.run(copy.container, ["php"], stdin=_READER.read_bytes(), seconds=_DEADLINE)
    if output.status != 0 or len(output.stdout) > _LONGEST:
        raise ValueError(f"base de données : {output.stderr[-200:].decode(errors='replace')}")
    found = json.loads(output.stdout)
    if not isinstance(found, list):
        raise ValueError("base de données : réponse inattendue")
    return tuple(_stored_program(row) for row in found)


def _stored_program(row: object) -> StoredProgram:
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in ("place", "name", "text")):
        raise ValueError("base de données : réponse inattendue")
    return StoredProgram(row["place"], row["name"], row["text"])


class KnownScripts:
    """Tells the scripts of a page that come out of what the site stores from those of its programs."""

    def __init__(self, additions: Additions) -> None:
        texts = [program.text for program in additions.stored]
        too_many = len(texts) >= _MOST_STORED or sum(map(len, texts)) > _MOST_TEXT
        self._any = too_many or not additions.in_pages
        self._texts = [_bare(text) for text in texts]
        self._scripts = [_bare(script) for text in texts for script in _scripts(text)]

    def added(self, script: str) -> bool:
        """Whether a script or a handler of a page is one of those that were added. Where they aren't known, any may be."""
        bare = _bare(script)
        if self._any or any(bare in text for text in self._texts):
            return True
        starts = range(0, max(1, len(bare) - _PIECE + 1), _PIECE // 2)
        return any(bare[start : start + _PIECE] in text for text in self._scripts for start in starts)


def _scripts(text: str) -> Iterator[str]:
    """The scripts of a text, of which the last may have no end."""
    at = 0
    while start := _SCRIPT.search(text, at):
        end = _SCRIPT_END.search(text, start.end())
        at = end.end() if end else len(text)
        yield text[start.start() : at]


def _bare(text: str) -> str:
    """A script without what WordPress puts into a text where a line ends, and without spaces."""
    return re.sub(r"\s+|<br ?/?>|</?p>", "", html.unescape(text))
