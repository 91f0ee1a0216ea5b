"""Search engines: links to other pages of the site, and to other sites."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from checks.wordpress.reading import contents, seeded
from checks.wordpress.reading.answers import fetched
from checks.wordpress.reading.content_verdicts import Target, absent, findings_of
from checks.wordpress.reading.contents import Body, Content
from checks.wordpress.reading.destinations import IN_A_LIST, followed, one_leads_to
from checks.wordpress.reading.wording import towards
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens.blocks import Piece
from provisioner.french.text import numbered, quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

INTERNAL = fact("wordpress.referencement.maillage", "maillage interne")
EXTERNAL = fact("wordpress.referencement.maillage", "lien externe")

#: What the site has besides its pages: the office, the log-in form, and files.
_NO_PAGE = re.compile(r"^/(wp-|xmlrpc)|\.(?!php$)\w{2,5}$")


class Links(Check, id="wordpress.referencement.links"):
    """Le texte d’un contenu mène à d’autres pages du site et à d’autres sites.

    Comptent les adresses différentes : deux liens vers la même page en font un, un lien vers la page elle-même, vers
    une page qui n’existe pas ou vers un fichier du site n’en fait aucun.
    """

    proves = (INTERNAL, EXTERNAL)

    content: Target
    links: tuple[Annotated[WantedText, Refers("pages.slug", "posts.slug", "categories.slug", "tags.slug")], ...] = (
        Field((), description="Les liens demandés : un chemin du site (« /contact/ ») ou l’adresse d’un autre site.")
    )
    internal: int = Field(0, ge=0, description="Le nombre minimal de pages du site auxquelles le texte mène.")
    external: int = Field(0, ge=0, description="Le nombre minimal d’autres adresses.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.facts():
            raise ValueError("links, internal ou external doit être demandé")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those of which links are asked."""
        return tuple(one for one in self.proves if self._least(one) or self._wanted(one))

    def verify(self, site: Site) -> list[Finding]:
        """The links of the text as a visitor reads it, followed to where they end."""
        return findings_of(site, self.content, self._look)

    def _look(self, site: Site, content: Content | None) -> list[Finding]:
        if content is None:
            return [found for one in self.facts() for found in absent(site, (one,), self._expected(one))]
        read = contents.read(site, content)
        shot = site.shot("le contenu côté visiteur", mark=site.page.locator(".entry-content a[href]"))
        findings = []
        for one in self.facts():
            targets = self._targets(site, content, read.whole)
            verdict, observed = self.judge(one, targets, site)
            if verdict is not Verdict.MET and one == INTERNAL:
                observed += _nowhere(site, content, read.whole, targets)
            if verdict is Verdict.MET:
                seen, _ = self.judge(one, self._targets(site, content, read.visible), site)
                if seen is not verdict:
                    verdict, observed = Verdict.TO_JUDGE, f"{observed} ; à lire : une partie est masquée aux visiteurs"
            elif read.whole.made and not seeded.lists_in(self.company, content.born):
                listed = replace(read.whole, links=read.whole.links + read.whole.made)
                all_of_it, seen_too = self.judge(one, self._targets(site, content, listed), site)
                if all_of_it is Verdict.MET:
                    verdict, observed = Verdict.TO_JUDGE, f"{seen_too} ; à lire : une partie n’est que {IN_A_LIST}"
            findings.append(Finding(one, verdict, self._expected(one), observed, (shot,)))
        return findings

    def judge(self, one: str, targets: Sequence[str], site: Site) -> tuple[Verdict, str]:
        """Whether what is asked for is among the addresses that the text leads to, and whether there are enough."""
        here = urlsplit(site.address).netloc
        mine = [t for t in targets if (urlsplit(t).netloc == here) == (one == INTERNAL)]
        missing = [w for w in self._wanted(one) if not one_leads_to(site, mine, w)]
        counted = [t for t in mine if one == EXTERNAL or not _NO_PAGE.search(urlsplit(t).path)]
        what = "page du site" if one == INTERNAL else "adresse d’un autre site"
        whats = "pages du site" if one == INTERNAL else "adresses d’autres sites"
        listed = ", ".join(_said(site, target) for target in counted)
        observed = f"{numbered(len(counted), what, whats)} : {listed}" if counted else f"aucune {what}"
        others = [_said(site, target) for target in mine if target not in counted]
        no_page = "ne compte pas, n’étant pas une page"
        no_page = no_page if len(others) == 1 else "ne comptent pas, n’étant pas des pages"
        observed += f" ; {no_page} : {', '.join(others)}" if others else ""
        observed += f" ; il manque {quoted(missing)}" if missing else ""
        met = not missing and len(counted) >= self._least(one)
        return (Verdict.MET if met else Verdict.NOT_MET), observed

    def _targets(self, site: Site, content: Content, body: Body) -> list[str]:
        """The different addresses that exist, of the web, but the content's own."""
        targets: dict[str, str] = {}
        for link in body.links:
            parts = urlsplit(link.address)
            if parts.scheme not in ("http", "https"):
                continue
            target = followed(site, link.address)
            if contents.leads_to(target.partition("#")[0], content.link, site.address):
                continue
            key = _key(target)
            if key not in targets and (parts.netloc != urlsplit(site.address).netloc or _there(site, target)):
                targets[key] = target
        return list(targets.values())

    def _wanted(self, one: str) -> list[str]:
        return [link for link in self.links if link.startswith("/") == (one == INTERNAL)]

    def _least(self, one: str) -> int:
        return self.internal if one == INTERNAL else self.external

    def _expected(self, one: str) -> str:
        what = (
            ("page du site", "pages du site")
            if one == INTERNAL
            else ("adresse d’un autre site", "adresses d’autres sites")
        )
        parts = [f"à {quoted(self._wanted(one))}"] * bool(self._wanted(one))
        parts += [f"à au moins {numbered(self._least(one), *what)}"] * bool(self._least(one))
        return f"« {seeded.title_of(self.company, self.content)} » mène {' et '.join(parts)}"

    def ways(self) -> Sequence[Act]:
        """Words of the text turned into links, or buttons."""
        words = [Piece("paragraph", "Pour en savoir plus, voir ici", link) for link in self._all()]
        buttons = [Piece("buttons", "En savoir plus", link) for link in self._all()]
        return (
            Act("des mots du texte en liens", lambda desk: block_screens.put(desk, self.content, words)),
            Act(
                "des boutons, dans l’éditeur de code", lambda desk: block_screens.put_code(desk, self.content, buttons)
            ),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """One too few or twice the same, addresses without a link, pages that don't exist, another content."""
        found = []
        for one in self.facts():
            mine = [link for link in self._all() if link.startswith("/") == (one == INTERNAL)]
            texts = [Piece("paragraph", f"Adresse : {link}") for link in mine]
            dead = "/page-qui-n-existe-pas/" if one == INTERNAL else f"/{seeded.other_pages(self.company)[0]}/"
            found += [
                NearMiss(f"adresses écrites sans lien ({_NAMES[one]})", one, self._put(texts)),
                NearMiss(
                    f"{'lien vers une page qui n’existe pas' if one == INTERNAL else 'lien vers le site lui-même'}",
                    one,
                    self._put([Piece("paragraph", "voir ici", link) for link in (*mine[1:], dead)]),
                ),
            ]
        if INTERNAL in self.facts():
            files = [Piece("paragraph", "voir ici", media=(one,)) for one in seeded.files(self.company, ".jpg")[:3]]
            found.append(NearMiss("liens vers des fichiers de la médiathèque", INTERNAL, self._put(files)))
        last = self.facts()[-1]
        pieces = [Piece("paragraph", "voir ici", link) for link in self._all()]

        def elsewhere(desk: Desk) -> None:
            block_screens.put(desk, block_screens.neighbour(desk, self.content), pieces)

        return [*found, NearMiss("dans un autre contenu", last, elsewhere)]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Two pages of the site, one of them asked for, and another site."""
        return (
            cls(
                content="trois-apprentis-a-l-atelier",
                links=("/nos-engagements/", "https://www.apprentissage-bretagne.test/"),
                internal=2,
                external=1,
            ),
        )

    def _all(self) -> list[str]:
        """What a candidate would link to."""
        pages = [f"/{page}/" for page in seeded.other_pages(self.company, self.content, *self.links)]
        lacking = max(self.internal - len(self._wanted(INTERNAL)), 0)
        others = [f"https://www.exemple-{i + 1}.test/" for i in range(self.external - len(self._wanted(EXTERNAL)))]
        return [*self.links, *pages[:lacking], *others]

    def _put(self, pieces: Sequence[Piece]) -> Callable[[Desk], None]:
        return lambda desk: block_screens.put(desk, self.content, pieces)


_NAMES = {INTERNAL: "du site", EXTERNAL: "d’ailleurs"}


def _key(target: str) -> str:
    return target.partition("#")[0].rstrip("/").casefold()


def _said(site: Site, target: str) -> str:
    """An address that the text leads to, in French."""
    return towards(target.removeprefix(site.address) or "/").removeprefix("vers ")


def _nowhere(site: Site, content: Content, body: Body, targets: Sequence[str]) -> str:
    """What is said of the addresses of the site in the text at which there is nothing: they aren't among the targets."""
    alive = {_key(target) for target in targets}
    ends = [followed(site, link.address) for link in body.links if link.address.startswith(f"{site.address}/")]
    others = [one for one in ends if not contents.leads_to(one.partition("#")[0], content.link, site.address)]
    dead = dict.fromkeys(_said(site, one) for one in others if _key(one) not in alive)
    return f" ; ne mène à rien : {', '.join(dead)}" if dead else ""


def _there(site: Site, address: str) -> bool:
    """Whether the site has something at that address."""
    return fetched(site, site.page, address).status < 400
