"""What the author of a check imports: `Check`, `Act`, `NearMiss`, `Road`, `Finding`, `Site`, `Desk`.

A check is a frozen, typed set of wanted values that proves one or more facts of the functionality
list. Its fields are the schema of what a subject may ask for. Writing one means:

    class PublishedPost(Check, id="wordpress.contenu.published_post"):
        '''Un article publié…'''                     # French: authors read it

        proves = (POST, LENGTH)                      # every fact that it can prove
        title: str                                   # wanted values

        def facts(self): …                           # those that these values ask for
        def verify(self, site): …                    # one Finding for each of them
        def ways(self): …                            # the ways in which a candidate may do the work
        def near_misses(self): …                     # work that is almost right
        def roads(self): …                           # work that the ways don't foresee
        @classmethod
        def examples(cls): …                         # instances to prove it on

`verify` never raises because work is missing: it returns `not_met` with what was expected and what was observed.
An exception counts as the check's fault (`broken`), or as the station's (`blocked`) when it is `StationNotReady`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, PrivateAttr, StringConstraints

from provisioner.core.model import FactId, Finding, Verdict, judged_by_a_person
from provisioner.host.companies import HOME, company_folder
from provisioner.subject.page import Json
from provisioner.subject.page import Locator as LocatorAsked
from provisioner.subject.page import Page as PageAsked
from provisioner.subject.references import FILES, MEDIA, Refers

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = [
    "FILES",
    "MEDIA",
    "Act",
    "Check",
    "Desk",
    "Finding",
    "NearMiss",
    "Refers",
    "Road",
    "Site",
    "Verdict",
    "WantedText",
    "finding",
    "registered",
]

#: A text among those that are asked for: an empty one would fail everybody.
WantedText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Desk(Protocol):
    """The candidate's workplace: the browser, the account, the documents of the annexes."""

    @property
    def page(self) -> "Page":
        """The candidate's page, on the station itself."""

    @property
    def address(self) -> str:
        """The station's address, without a slash at the end."""

    def sign_in(self, role: str = "candidat") -> "Page":
        """The page, signed in through the real log-in screen; the first call signs in, later ones do nothing more."""

    @property
    def company(self) -> Path:
        """The folder of the company that the station is seeded with."""

    def file(self, name: str) -> Path:
        """A document of the annexes, as a file to upload or to read."""


def now_of(page: "Page") -> datetime:
    """The time in the candidate's browser, to the second, without a zone: that of the centre, which this machine's may not be."""
    return datetime.fromisoformat(page.evaluate("() => new Date().toLocaleString('sv-SE')"))


class Site(Protocol):
    """What examiners see: a copy of the station, as it was when the work stopped."""

    @property
    def address(self) -> str:
        """The candidate's own address, at which the copy answers; no slash at the end."""

    @property
    def taken_at(self) -> datetime:
        """When the work stopped, in the centre's time zone: "today" is that day."""

    @property
    def present(self) -> datetime:
        """The time of the examination, which may be days after `taken_at`: pages that depend on the time show this one."""

    @property
    def page(self) -> PageAsked:
        """A visitor's page: nobody is signed in."""

    def visit(self, path: str) -> PageAsked:
        """Go to a path of the site as a visitor.

        A 404 is an answer; an error of the server (500 and above) or of the database raises
        StationNotReady.
        """

    def signed_in(self, role: str = "administrator") -> PageAsked:
        """A page signed in as a user of that role, whatever the candidate did to the account."""

    def answers(
        self, page: PageAsked, items: Sequence[Json], script: str, about: Json, *, shown: str, acts: bool = False
    ) -> list[Json]:
        """What a script reads in the site's answers to that page's user: `script([items, about])` gives a list, one per item.

        It runs on a page that shows the picture at the path `shown`, so nothing that a candidate planted runs. With `acts`,
        it changes the site.
        """

    def opened_by(self, button: LocatorAsked, script: str) -> Json:
        """What a script reads in the page once what a click on the button opens stands still; as the page is, without a button."""

    def once(self, name: str, ask: Callable[[], str]) -> str:
        """What `ask` gives, which is asked once a copy: all checks that look at it have the same answer."""

    def misspelled(self, text: str) -> list[str] | None:
        """The words of a French text that the machine's dictionary doesn't know, each as often as it stands there; None without it."""

    def alone(self) -> None:
        """Make sure that no other check looks at this copy; a check calls it before it acts.

        Where other checks do, the check is stopped here and run again from its beginning on a copy of its own.
        """

    @property
    def company(self) -> Path:
        """The folder of the company that the station is seeded with: what its site held when the work began."""

    def file(self, name: str) -> Path:
        """A document of the subject that is examined, or of its company, as the candidate was given it."""

    def shot(self, name: str, page: PageAsked | None = None, *, mark: LocatorAsked | None = None) -> str:
        """Keep a screenshot as evidence (the visitor's page unless another is given); its path.

        `mark` is what the finding is about: the picture shows it outlined.
        """

    def note(self, name: str, text: str) -> str:
        """Keep a text as evidence (an address, an extract, what an interface answered); its path."""


@dataclass(frozen=True)
class Act:
    """One way to the wanted state, through the real screens. `name` is French."""

    name: str
    run: Callable[[Desk], object]


@dataclass(frozen=True)
class NearMiss:
    """Work that is almost right: after it, `fact` must be `not_met`. `name` is French."""

    name: str
    fact: FactId
    run: Callable[[Desk], object]


@dataclass(frozen=True)
class Road:
    """Work that the ways don't foresee: after it, `fact` has that verdict. `name` is French.

    The verdict is `met` where a program can decide that the work is right. It is `to_judge` where the effect is what was asked
    but its road is unexpected, where something else hides it, and where only a person can decide.
    """

    name: str
    fact: FactId
    run: Callable[[Desk], object]
    verdict: Literal[Verdict.MET, Verdict.TO_JUDGE] = Verdict.TO_JUDGE


_REGISTRY: "dict[str, type[Check]]" = {}


class Check(BaseModel):
    """A frozen, typed set of wanted values that proves facts. Subclasses register by their id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: ClassVar[str] = ""
    #: Every fact that the check can prove; `facts()` are those that its values ask for.
    proves: ClassVar[tuple[FactId, ...]] = ()
    #: A check that has to act (fill a cart, send a form) runs last, on a copy of its own.
    acts: ClassVar[bool] = False
    #: A check that acts only when looking doesn't suffice: it calls Site.alone first, which gives it a copy of its own.
    may_act: ClassVar[bool] = False
    _company: Path = PrivateAttr(company_folder(HOME))

    def __init_subclass__(cls, *, id: str = "") -> None:
        super().__init_subclass__()
        if id:
            if id in _REGISTRY and _REGISTRY[id].__qualname__ != cls.__qualname__:
                raise TypeError(f"two checks are called {id}")
            cls.id = id
            _REGISTRY[id] = cls

    def model_post_init(self, context: dict[str, Path] | None) -> None:
        """Keep the company that the values come with, where whoever validates them says it."""
        if context is not None:
            self._company = context["company"]

    @property
    def company(self) -> Path:
        """The folder of the company that the values are of: that of the subject; of an example, the home one."""
        return self._company

    def facts(self) -> tuple[FactId, ...]:
        """The facts that these values ask for; all that it can prove unless a check says less."""
        return self.proves

    def makes(self) -> Sequence[str]:
        """The names of what the work creates: the other checks of its question may refer to it (see references.py)."""
        return ()

    def needs(self) -> Sequence[str]:
        """What a stack must have for these values: keys of its `versions`, such as "theme astra"."""
        return ()

    def given(self, desk: Desk) -> None:
        """Make the state that an example's work starts from, when the seeded site doesn't have it.

        It is not called when a subject is proven: its candidates find the site as it is seeded.
        """

    def verify(self, site: Site) -> list[Finding]:
        """One finding per wanted fact: all of them, not the first that fails."""
        raise NotImplementedError

    def ways(self) -> Sequence[Act]:
        """The ways in which a candidate may do the work; after each, every wanted fact is met."""
        raise NotImplementedError

    def near_misses(self) -> Sequence[NearMiss]:
        """Work that is almost right; after each, its fact is not met."""
        raise NotImplementedError

    def roads(self) -> Sequence[Road]:
        """Work that the ways don't foresee; after each, its fact has the verdict that the road says."""
        return ()

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Instances on which the check is proven when no subject asks for it."""
        raise NotImplementedError

    def but(self, **changed: object) -> Self:
        """The same check with some values changed, from which a near miss is usually made."""
        return self.like(**{**self.model_dump(), **changed})

    def like(self, **values: object) -> Self:
        """A check of the same kind, for the same company, with these values alone."""
        return type(self).model_validate(values, context={"company": self.company})


def finding(fact: FactId, met: bool, expected: str, observed: str, *evidence: str) -> Finding:
    """A finding whose verdict follows from `met`, or `to_judge` where the list leaves it to a person."""
    verdict = Verdict.MET if met else Verdict.NOT_MET
    if judged_by_a_person(fact):
        verdict = Verdict.TO_JUDGE
    return Finding(fact, verdict, expected, observed, evidence)


def registered() -> Iterator[type[Check]]:
    """Every check whose module has been imported, in the order of their ids."""
    yield from (check for _, check in sorted(_REGISTRY.items()))
