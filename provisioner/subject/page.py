"""What a check may ask of a page: the few operations of a browser's page that `Site` gives.

Playwright's own types have these operations too, so that what reads a page serves a robot's page as well.
"""

from typing import Any, Literal, Protocol, Self, TypedDict

#: What a script takes and gives.
Json = Any
#: How far a page must have come before an opening counts as done.
Loaded = Literal["commit", "domcontentloaded", "load", "networkidle"]


class Size(TypedDict):
    """The size of a window, in pixels."""

    width: int
    height: int


class Response(Protocol):
    """What a site answered when a page was opened."""

    @property
    def status(self) -> int:
        """The HTTP status."""


class Locator(Protocol):
    """Elements of a page: those that are there whenever something is asked of them."""

    @property
    def first(self) -> Self:
        """The first of them."""

    def locator(self, selector: str, /) -> Self:
        """The elements below them that match a selector."""

    def filter(self, *, has_text: str) -> Self:
        """Those of them that hold a text."""

    def count(self) -> int:
        """How many there are now."""

    def get_attribute(self, name: str) -> str | None:
        """An attribute of the only one."""

    def inner_text(self) -> str:
        """What is shown of the only one's text."""

    def input_value(self) -> str:
        """What the only one, a field, holds."""

    def all_text_contents(self) -> list[str]:
        """The texts of all of them."""

    def evaluate(self, expression: str, arg: Json = None) -> Json:
        """What a script `(element, arg) => …` gives of the only one."""

    def evaluate_all(self, expression: str, arg: Json = None) -> Json:
        """What a script `(elements, arg) => …` gives of all of them."""

    def scroll_into_view_if_needed(self) -> None:
        """Scroll to the only one."""


class Page(Protocol):
    """A page of a browser."""

    @property
    def url(self) -> str:
        """Where it is."""

    def goto(self, url: str, *, wait_until: Loaded | None = None) -> Response | None:
        """Open an address."""

    def title(self) -> str:
        """Its title."""

    def evaluate(self, expression: str, arg: Json = None) -> Json:
        """What a script `arg => …` gives in it."""

    def locator(self, selector: str) -> Locator:
        """Its elements that match a selector."""

    def get_by_role(self, role: Literal["link", "button", "heading"], *, name: str) -> Locator:
        """Its elements of a role that have a name."""

    @property
    def viewport_size(self) -> Size | None:
        """The width and height of its window."""

    def set_viewport_size(self, viewport_size: Size) -> None:
        """Give its window a width and a height."""
