"""The one way in which this program makes texts and pages of templates."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def environment(folder: Path, *, html: bool) -> "Environment":
    """The templates of a folder; a variable that nobody gave is an error.

    `html`: values are escaped, as pages need it. Else they stand as they are, and the last line keeps its end, as
    configurations and texts need it. The caller may add filters of its own.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=html,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=not html,
    )
