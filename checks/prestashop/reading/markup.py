"""What a visitor reads of a text that an editor keeps as HTML."""

from html.parser import HTMLParser

#: Where a line begins and ends: the text of two of these never runs together.
_BLOCKS = frozenset(
    (
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "caption",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    )
)
_UNREAD = frozenset(("script", "style", "template"))


def read(markup: str) -> str:
    """Its lines, each without the white space that no page shows.

    >>> read("<p>Haute de<br>22 cm</p><p>Au <b>beu</b>rre</p>")
    'Haute de\\n22 cm\\nAu beurre'
    """
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    """The text of a page in parts: a line break of its own is where a block begins or ends."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        self._unread += tag in _UNREAD
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        self._unread -= tag in _UNREAD
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        if not self._unread:
            self.parts.append(data.replace("\n", " "))
