"""The line of a TOML file on which a table or a key stands, for messages about mistakes in it.

`tomllib` keeps no positions, so the lines are searched for headers and keys. A multi-line text that looks like a header
or a key can mislead the search: the line is a help for the reader of a message, and nothing is decided by it.
"""

import re
from collections.abc import Sequence
from pathlib import Path


class TomlLines:
    """The lines of one file. An OSError of reading it is the caller's."""

    def __init__(self, path: Path) -> None:
        self._lines = path.read_text(encoding="utf-8-sig").splitlines()

    def of(self, location: Sequence[int | str]) -> str:
        """`ligne 12` for a location such as ("question", 1, "check", 0, "title"); the nearest line that is found."""
        start, end, rest = 0, len(self._lines), list(location)
        header = ""
        while len(rest) >= 2 and isinstance(rest[0], str) and isinstance(rest[1], int):
            header = f"{header}.{rest[0]}" if header else str(rest[0])
            starts = [i for i in range(start, end) if self._lines[i].strip().startswith(f"[[{header}]]")]
            if rest[1] >= len(starts):
                break
            following = starts[rest[1] + 1 :] or [end]
            start, end, rest = starts[rest[1]], following[0], rest[2:]
        end = next((i for i in range(start + 1, end) if re.match(r"\s*\[\[?\w", self._lines[i])), end)
        for key in rest:
            for i in range(start, end):
                if re.match(rf"\s*\"?{re.escape(str(key))}\"?\s*=", self._lines[i]):
                    return f"ligne {i + 1}"
        return f"ligne {start + 1}"
