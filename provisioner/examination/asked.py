"""What a check asks a site: each request as data, whoever answers it, a browser or a recording.

A page and its elements are names: nothing is asked before an operation needs an answer. So a request says all that its
answer depends on, and the same request may be answered again without a site.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol

from provisioner.core.errors import UnknownName
from provisioner.subject.page import Json, Loaded, Size
from provisioner.subject.page import Locator as LocatorAsked
from provisioner.subject.page import Page as PageAsked

Verb = Literal[
    "all_text_contents",
    "alone",
    "answers",
    "count",
    "evaluate",
    "evaluate_all",
    "get_attribute",
    "goto",
    "inner_text",
    "input_value",
    "misspelled",
    "once",
    "opened_by",
    "scroll_into_view_if_needed",
    "set_viewport_size",
    "shot",
    "sign_in",
    "title",
    "url",
    "viewport_size",
    "visit",
]
#: How elements are found on a page: each step narrows what the steps before it found.
Where = tuple[tuple[str, ...], ...]
#: The page at which nobody is signed in; the others are called by the role of their user.
VISITOR = "visitor"


@dataclass(frozen=True)
class Request:
    """One request of a check to a site. What it says is JSON.

    `page` is whose page it is; `opened` the address at which the page was opened last, and for the how manieth time; `since`
    what was done to the page after that; `acts` everything that the check did to the site before. `where` finds elements on
    the page, `about` holds the arguments of the verb; in both, addresses are those of the site that is examined.
    """

    verb: Verb
    page: str = ""
    opened: tuple[str, int] = ("", 0)
    since: tuple[str, ...] = ()
    where: Where = ()
    about: Json = None
    acts: tuple[Json, ...] = ()


class Asks(Protocol):
    """Who answers requests: a copy of a station by a browser, or a recording."""

    @property
    def address(self) -> str:
        """See check.Site."""

    @property
    def taken_at(self) -> datetime:
        """See check.Site."""

    @property
    def present(self) -> datetime:
        """See check.Site."""

    @property
    def company(self) -> Path:
        """See check.Site."""

    def file(self, name: str) -> Path:
        """See check.Site."""

    def note(self, name: str, text: str) -> str:
        """See check.Site."""

    def ask(self, request: Request, name: str = "") -> Json:
        """The answer to a request, as JSON has it; `name` is what a screenshot is called."""

    def once(self, request: Request, ask: Callable[[], str]) -> str:
        """The answer that `ask` gives: it may be that of another look at the same site."""


@dataclass(frozen=True)
class Response:
    """See page.Response."""

    status: int


@dataclass
class _State:
    """What a request depends on besides itself: how its page was opened, what was done on the page and to the site."""

    opened: tuple[str, int] = ("", 0)
    since: tuple[str, ...] = ()
    size: str = ""
    openings: Counter[str] = field(default_factory=Counter)

    def open(self, address: str) -> None:
        self.openings[address] += 1
        self.opened, self.since = (address, self.openings[address]), ()


class Page:
    """See page.Page; `name` is whose page it is."""

    def __init__(self, site: "AskedSite", name: str) -> None:
        self._site, self.name = site, name
        self._state = _State()

    @property
    def url(self) -> str:
        """See page.Page."""
        return str(self.ask("url"))

    def goto(self, url: str, *, wait_until: Loaded | None = None) -> Response | None:
        """See page.Page."""
        self._state.open(url)
        status = self.ask("goto", [wait_until] if wait_until else None)
        return None if status is None else Response(status)

    def visit(self, path: str) -> None:
        """See check.Site."""
        self._state.open(self._site.address + path)
        self.ask("visit", path)

    def title(self) -> str:
        """See page.Page."""
        return str(self.ask("title"))

    def evaluate(self, expression: str, arg: Json = None) -> Json:
        """See page.Page."""
        return self.ask("evaluate", [expression, arg])

    def locator(self, selector: str) -> "Locator":
        """See page.Page."""
        return Locator(self, (("locator", selector),))

    def get_by_role(self, role: Literal["link", "button", "heading"], *, name: str) -> "Locator":
        """See page.Page."""
        return Locator(self, (("role", role, name),))

    @property
    def viewport_size(self) -> Size | None:
        """See page.Page."""
        size: Size | None = self.ask("viewport_size")
        return size

    def set_viewport_size(self, viewport_size: Size) -> None:
        """See page.Page."""
        self.ask("set_viewport_size", dict(viewport_size))
        self._state.size = "{width}x{height}".format(**viewport_size)

    def ask(self, verb: Verb, about: Json = None, where: Where = (), name: str = "") -> Json:
        """The answer to a request to this page."""
        state = self._state
        since = (state.size, *state.since) if state.size else state.since
        request = Request(verb, self.name, state.opened, since, where, about, self._site.acts)
        return self._site.asks.ask(request, name)

    def did(self, what: str) -> None:
        """Have the requests that follow say that this was done on the page."""
        self._state.since += (what,)


@dataclass(frozen=True)
class Locator:
    """See page.Locator."""

    page: Page
    where: Where

    @property
    def first(self) -> "Locator":
        """See page.Locator."""
        return replace(self, where=(*self.where, ("first",)))

    def locator(self, selector: str, /) -> "Locator":
        """See page.Locator."""
        return replace(self, where=(*self.where, ("locator", selector)))

    def filter(self, *, has_text: str) -> "Locator":
        """See page.Locator."""
        return replace(self, where=(*self.where, ("filter", has_text)))

    def count(self) -> int:
        """See page.Locator."""
        return int(self._ask("count"))

    def get_attribute(self, name: str) -> str | None:
        """See page.Locator."""
        value: str | None = self._ask("get_attribute", name)
        return value

    def inner_text(self) -> str:
        """See page.Locator."""
        return str(self._ask("inner_text"))

    def input_value(self) -> str:
        """See page.Locator."""
        return str(self._ask("input_value"))

    def all_text_contents(self) -> list[str]:
        """See page.Locator."""
        return list(self._ask("all_text_contents"))

    def evaluate(self, expression: str, arg: Json = None) -> Json:
        """See page.Locator."""
        return self._ask("evaluate", [expression, arg])

    def evaluate_all(self, expression: str, arg: Json = None) -> Json:
        """See page.Locator."""
        return self._ask("evaluate_all", [expression, arg])

    def scroll_into_view_if_needed(self) -> None:
        """See page.Locator."""
        self._ask("scroll_into_view_if_needed")
        self.page.did(f"scrolled to {self.where}")

    def _ask(self, verb: Verb, about: Json = None) -> Json:
        return self.page.ask(verb, about, self.where)


class AskedSite:
    """See check.Site. Each check has a new one, so that none sees cookies or pages of another."""

    def __init__(self, asks: Asks) -> None:
        self.asks = asks
        #: What the check did to the site so far.
        self.acts: tuple[Json, ...] = ()
        self._pages: dict[str, Page] = {}

    @property
    def address(self) -> str:
        """See check.Site."""
        return self.asks.address

    @property
    def taken_at(self) -> datetime:
        """See check.Site."""
        return self.asks.taken_at

    @cached_property
    def present(self) -> datetime:
        """See check.Site."""
        return self.asks.present

    @property
    def page(self) -> Page:
        """See check.Site."""
        return self._pages.setdefault(VISITOR, Page(self, VISITOR))

    def visit(self, path: str) -> Page:
        """See check.Site."""
        self.page.visit(path)
        return self.page

    def signed_in(self, role: str = "administrator") -> Page:
        """See check.Site."""
        if role not in self._pages:
            self.asks.ask(Request("sign_in", role, acts=self.acts))
            self._pages[role] = Page(self, role)
        return self._pages[role]

    def answers(
        self, page: PageAsked, items: Sequence[Json], script: str, about: Json, *, shown: str, acts: bool = False
    ) -> list[Json]:
        """See check.Site."""
        if not isinstance(page, Page):
            raise TypeError("the page isn't of this site")
        request = Request("answers", page.name, about=[items, script, about, shown], acts=self.acts)
        if acts:
            self.acts += ([items, script, about],)
        return list(self.asks.ask(request))

    def opened_by(self, button: LocatorAsked, script: str) -> Json:
        """See check.Site."""
        if not isinstance(button, Locator):
            raise TypeError("the button isn't of this site")
        seen = button.page.ask("opened_by", script, button.where)
        button.page.did(f"clicked on {button.where}")
        return seen

    def once(self, name: str, ask: Callable[[], str]) -> str:
        """See check.Site."""
        return self.asks.once(Request("once", about=name), ask)

    def misspelled(self, text: str) -> list[str] | None:
        """See check.Site."""
        words: list[str] | None = self.asks.ask(Request("misspelled", about=text))
        return words

    def alone(self) -> None:
        """See check.Site."""
        self.asks.ask(Request("alone"))

    @property
    def company(self) -> Path:
        """See check.Site."""
        return self.asks.company

    def file(self, name: str) -> Path:
        """See check.Site."""
        return self.asks.file(name)

    def shot(self, name: str, page: PageAsked | None = None, *, mark: LocatorAsked | None = None) -> str:
        """See check.Site."""
        page = page or self.page
        if not isinstance(page, Page) or not isinstance(mark, Locator | None):
            raise TypeError("the page or the mark isn't of this site")
        return str(page.ask("shot", where=mark.where if mark else (), name=name))

    def note(self, name: str, text: str) -> str:
        """See check.Site."""
        return self.asks.note(name, text)


def document(name: str, folders: Sequence[Path]) -> Path:
    """The document of that name in the first of the folders that has it; UnknownName where none has."""
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise UnknownName(f"Le document « {name} » n’est ni dans le sujet ni dans les médias de l’entreprise.")
