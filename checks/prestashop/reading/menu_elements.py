"""The elements of the main menu: those that the shop shows, and those of the module's own list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.prestashop.reading.answers import Script, looked_up
from checks.prestashop.reading.linked_texts import addressed
from checks.prestashop.reading.modules import settings_of
from checks.prestashop.reading.seeded import chosen, name_before
from provisioner.french.text import quoted, same
from provisioner.subject.check import Site, Verdict

MODULE = "ps_mainmenu"


@dataclass(frozen=True)
class Element:
    """An element of the menu; `before` is what the page or the category that it leads to was called before the work."""

    title: str
    link: str = ""
    kind: str = "link"
    before: str = ""

    @property
    def renamed(self) -> bool:
        """Whether what it leads to has another name since."""
        return bool(self.before) and not same(self.before, self.title)

    def is_called(self, name: str) -> bool:
        """Whether it has that name, or what it leads to had."""
        return same(name, self.title) or same(name, self.before)


def shown_elements(site: Site) -> list[Element]:
    """What stands in the menu at the head of the home page, from left to right."""
    return [_element(site.company, one) for one in looked_up(site, site.page, f"{site.address}/", _ITEMS)]


def listed_elements(site: Site) -> list[Element]:
    """What the module is set to show, in its order; nothing where it isn't installed."""
    listed: list[list[str]] = settings_of(site, MODULE, _LISTED) or []
    return [Element(title, before=_before(site.company, *_listed_as(value))) for value, title in listed]


def _element(company: Path, seen: Mapping[str, str]) -> Element:
    at = addressed(seen["link"])
    return Element(seen["title"], seen["link"], seen["kind"], _before(company, *at) if at else "")


def _before(company: Path, kind: str, number: int) -> str:
    """What a page or a category of the company's was called before the work."""
    return (
        name_before(company, "categories" if kind == "catégorie" else "cms", number)
        if kind in ("catégorie", "page")
        else ""
    )


def _listed_as(value: str) -> tuple[str, int]:
    """What an entry of the module's own list is of: "CAT5" is a category, "CMS1" a page."""
    kind = {"CAT": "catégorie", "CMS": "page"}.get(value[:3], "")
    return kind, int(value[3:]) if kind and value[3:].isdigit() else 0


def is_among(name: str, elements: Sequence[Element]) -> bool:
    """Whether one of them has that name, or what it leads to had."""
    return any(one.is_called(name) for one in elements)


def told(shown: Sequence[Element]) -> str:
    """What is said of the menu."""
    return (
        f"Le menu principal montre {quoted(one.title for one in shown)}."
        if shown
        else "Le menu principal est vide, ou n’est pas affiché."
    )


def judged_order(company: Path, wanted: Sequence[str], seen: Sequence[str]) -> Verdict:
    """These one after the other; others may stand between them. Said twice, one of them has to be right."""
    places = [[i for i, title in enumerate(seen) if same(one, title)] for one in wanted]
    slipped = [[i for i, title in enumerate(seen) if slips(company, one, title)] for one in wanted]
    last = -1
    for place in (exactly or nearly for exactly, nearly in zip(places, slipped, strict=True)):
        later = [i for i in place if i > last]
        if not later:
            return Verdict.NOT_MET
        last = later[0]
    return Verdict.MET if all(places) else Verdict.TO_JUDGE


def slips(company: Path, wanted: str, seen: str) -> bool:
    """Whether a name is a slip of the pen away from the wanted one, and none of the company's."""
    return chosen(company, wanted, seen, "categories", "cms") is Verdict.TO_JUDGE


_LISTED = Script[list[list[str]]](
    """page => [...page.querySelectorAll('#items option')].map(option => [option.value, option.textContent.trim()])"""
)

_ITEMS = Script[list[dict[str, str]]]("""page => [...page.querySelectorAll('#_desktop_top_menu > ul > li')].map(item => {
    const link = item.querySelector('a'), own = link.cloneNode(true);
    own.querySelectorAll('.collapse-icons, .float-xs-right').forEach(node => node.remove());
    return {title: own.textContent.replace(/\\s+/g, ' ').trim(), link: link.getAttribute('href') || '',
            kind: (/^(category|cms-page|cms-category|product|manufacturers?|suppliers?|shop)/.exec(item.className) || ['link'])[0]};
})""")
