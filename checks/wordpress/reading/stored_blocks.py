"""The blocks of a content as the editor stores them: names and settings that no visitor's page tells."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from checks.wordpress.reading.contents import attributes

_COMMENT = re.compile(
    r"<!--\s+(?P<end>/)?wp:(?P<name>[a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s+"
    r"(?P<attributes>\{(?:(?!\}\s+/?-->|<!--).)*+\}\s+)?(?P<alone>/)?-->",
    re.DOTALL,
)


@dataclass(frozen=True)
class StoredBlock:
    """A block: its name ("uagb/faq", "paragraph"), the settings that aren't its defaults, the blocks in it."""

    name: str
    attributes: Mapping[str, object] = field(default_factory=dict)
    inner: "tuple[StoredBlock, ...]" = ()

    def text(self, name: str, default: str = "") -> str:
        """A setting that is a text."""
        value = self.attributes.get(name, default)
        return value if isinstance(value, str) else default


def blocks_in(html: str) -> tuple[StoredBlock, ...]:
    """The blocks of a content's HTML, those in others inside them; what is never closed ends with the content."""
    open_: list[tuple[StoredBlock, list[StoredBlock]]] = [(StoredBlock(""), [])]

    def close() -> None:
        block, inner = open_.pop()
        open_[-1][1].append(StoredBlock(block.name, block.attributes, tuple(inner)))

    for found in _COMMENT.finditer(html):
        if found["end"]:
            if any(block.name == found["name"] for block, _ in open_[1:]):
                while open_[-1][0].name != found["name"]:
                    close()
                close()
            continue
        block = StoredBlock(found["name"], attributes((found["attributes"] or "{}").strip()))
        if found["alone"]:
            open_[-1][1].append(block)
        else:
            open_.append((block, []))
    while len(open_) > 1:
        close()
    return tuple(open_[0][1])


def named(blocks: Sequence[StoredBlock], name: str) -> Iterator[StoredBlock]:
    """Those of this name, however deep."""
    left = [*reversed(blocks)]
    while left:
        block = left.pop()
        if block.name == name:
            yield block
        left += reversed(block.inner)
