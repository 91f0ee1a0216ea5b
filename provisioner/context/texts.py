"""What the files of a context say: texts, seeds, documents."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from provisioner.context.documents import lines_of
from provisioner.french import figures
from provisioner.french.text import fold
from provisioner.host.toml_files import read_toml

#: Keys whose values are names for machines.
_NAMES = {
    "slug",
    "file",
    "login",
    "email",
    "url",
    "domain",
    "id",
    "author",
    "parent",
    "user",
    "post",
    "page",
    "category",
    "reference",
    "carrier",
    "customer",
    "group",
    "picture",
    "icon",
    "logo",
    "role",
    "time",
    "color",
    "cover",
    "class",
    "colours",
    "front_page",
    "posts_page",
    "default_category",
    "first_name",
    "last_name",
    "address",
    "city",
    "states",
    "state",
    "payment",
    "by",
    "status",
    "gender",
    "theme_settings",
    "theme_css",
    "options",
    "configuration",
    "locations",
}
#: A slug, a file, a constant: nothing that anyone reads.
_CODE = re.compile(r"[a-z0-9_./-]+|[A-Z0-9_-]+")
_HEADINGS = ("h1", "h2", "h3", "h4")
#: Rows of the seeds about other people, or in their words.
_OTHERS = re.compile(r"\((?:customers|orders|threads|comments|product_comments)\b")
#: What is bound to a figure is no word: « 1er », « 3e », « 9h ».
_WORD = re.compile(r"(?<![^\W_])[A-Za-zÀ-ÖØ-öø-ÿœŒ’'-]+")


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where."""

    where: str
    what: str


@dataclass(frozen=True)
class Passage:
    """What is read in one go: a paragraph, an item, the row of a table, a line of a document.

    `about` is what stands above it, the nearest first: a table's head, a heading, the title; `cells` are those of a
    row, by the folded names of their columns. Days counted from the build stand there as `{{date:…}}`.
    """

    where: str
    about: tuple[str, ...]
    text: str
    cells: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def plain(self) -> str:
        """Its text, folded."""
        return fold(self.text)

    @cached_property
    def counted(self) -> str:
        """Its text, folded, with its numbers in figures."""
        return figures.in_figures(self.plain)

    @cached_property
    def topic(self) -> str:
        """Its text and what stands above it, folded."""
        return fold(" ".join((self.text, *self.about)))


def read_passages(scenario: Path) -> Iterator[Passage]:
    """Every passage of a context's texts, seeds and documents; not of its description."""
    for file in sorted(scenario.glob("*/seed.toml")):
        for table, rows in read_toml(file).items():
            for row in rows if isinstance(rows, list) else [rows]:
                yield from _told(file, table, row)
    for file in sorted(scenario.glob("media/*.pdf")):
        yield from _printed(file)


def by_the_company(passage: Passage) -> bool:
    """Whether it is the company that says it, of itself: not a customer, nor a row about one."""
    return not _OTHERS.search(passage.where)


def _told(seed: Path, table: str, row: object) -> Iterator[Passage]:
    """What a row of a seed says, and the text that is its own."""
    named = row if isinstance(row, Mapping) else {}
    titles = [str(named[key]) for key in ("name", "title") if key in named]
    for text in strings(row):
        yield from _Blocks(f"{seed.parent.name}/{seed.name} ({', '.join([table, *titles])})", titles, text).passages
    page = seed.parent / "texts" / f"{named.get('slug')}.html"
    if page.exists():
        yield from _Blocks(f"{seed.parent.name}/{page.name}", titles, page.read_text(encoding="utf-8")).passages


def _printed(document: Path) -> Iterator[Passage]:
    """A page's first two lines are its title, one of 14 points is a heading, and the line below it may be a table's head."""
    above: dict[int, list[str]] = {}
    heading: list[str] = []
    for line in lines_of(document):
        title = above.setdefault(line.page, [])
        if line.size >= 14 or len(title) < 2:
            heading = [line.text]
            title += heading if len(title) < 2 else []
        else:
            yield Passage(document.name, (*reversed(heading), *title), line.text)
            heading = [*heading, line.text][:2]


class _Blocks(HTMLParser):
    """Passages of a text that may be HTML."""

    def __init__(self, where: str, titles: list[str], text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.passages: list[Passage] = []
        self._where, self._titles, self._heading, self._head = where, titles, "", ""
        self._said, self._cell = "", 0
        self._columns: list[str] = []
        self._cells: list[str] = []
        self.feed(re.sub(r"\{\{(?!date:)[^}]*\}\}", "", text))
        self.close()
        self._end("p")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        if tag in ("br", "td", "th"):
            self._said += " "
            self._cell = len(self._said)

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        if tag in ("td", "th"):
            self._cells.append(" ".join(self._said[self._cell :].split()))
        if tag in ("p", "li", "tr", "cite", "figcaption", "table") or tag in _HEADINGS:
            self._end(tag)

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        self._said += data

    def _end(self, tag: str) -> None:
        text, self._said = " ".join(self._said.split()), ""
        if text:
            about = (self._head, self._heading, *self._titles)
            cells = dict(zip(self._columns, self._cells, strict=False)) if tag == "tr" else {}
            self.passages.append(Passage(self._where, tuple(filter(None, about)), text, cells))
        if tag in _HEADINGS:
            self._heading = text
        elif tag == "tr":
            self._head = self._head or text
            self._columns = self._columns or [fold(cell) for cell in self._cells]
            self._cells = []
        elif tag == "table":
            self._head, self._columns = "", []


def written(scenario: Path) -> dict[str, str]:
    """Every text of a context, by the file that holds it."""
    texts = {}
    for file in sorted(scenario.glob("*/texts/*.html")):
        plain = re.sub(r"<!--.*?-->|\{\{[^}]*\}\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        plain = re.sub(r"</(?:p|h\d|li|td|th|cite|figcaption)>|<br\s*/?>|</a>(?=<)", "\n", plain)
        texts[f"{file.parent.parent.name}/{file.name}"] = unescape(re.sub(r"<[^>]+>", "", plain)).replace("\u00a0", " ")
    for file in sorted(scenario.glob("*/seed.toml")):
        text = "\n".join(re.sub(r"<[^>]+>", " ", string) for string in strings(read_toml(file)))
        texts[f"{file.parent.name}/{file.name}"] = text.replace("\u00a0", " ")
    return texts


def spelled(scenario: Path) -> dict[str, str]:
    """Besides what is written, what the company's description and its documents say, in the same or other words."""
    printed = {file.name: "\n".join(line.text for line in lines_of(file)) for file in scenario.glob("media/*.pdf")}
    return {**written(scenario), "context.toml": "\n".join(strings(read_toml(scenario / "context.toml"))), **printed}


def strings(value: object) -> Iterator[str]:
    """Every text in a value of TOML that somebody reads."""
    if isinstance(value, str):
        if not _CODE.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in _NAMES:
                yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def words(text: str) -> Iterator[str]:
    """Words, without addresses, nor what an apostrophe binds before them."""
    for word in _WORD.findall(re.sub(r"\S*[@/]\S*|&\w+;", " ", text).replace("’", "'")):
        if len(bare := word.strip("'-")) > 1:
            yield bare
