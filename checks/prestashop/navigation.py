"""Getting about: what a visitor sees of the work, and the aliases of the shop's search."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Self
from urllib.parse import quote

from pydantic import Field, field_validator

from checks.prestashop.reading.answers import Script, looked_up, screen
from checks.prestashop.reading.naming import named
from checks.prestashop.reading.shop import catalogue
from checks.prestashop.screens.disturbances import search_long_words
from checks.prestashop.screens.office import office, saving
from provisioner.french.text import fold, nearly_same, numbered, quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

SEEN = fact("prestashop.navigation.back-front", "visible côté visiteur (à apprécier)")
ALIAS = fact("prestashop.navigation.alias", "alias de recherche")


class SeenByVisitors(Check, id="prestashop.navigation.seen_by_visitors"):
    """Ce que le travail change est vu par un visiteur : des captures de la boutique, à apprécier."""

    proves = (SEEN,)

    product: Annotated[str, Refers("products.name")] = Field(
        "", description="Le produit dont la page est à montrer aussi ; vide : la page d’accueil seule."
    )

    def verify(self, site: Site) -> list[Finding]:
        """The pages, for a person to look at."""
        site.visit("/")
        shots = [site.shot("la page d’accueil, vue par un visiteur")]
        observed = "À voir sur la capture : la page d’accueil."
        if self.product:
            row = named(self.company, catalogue(site), self.product)
            observed = f"Aucun produit ne s’appelle « {self.product} ». {observed}"
            if row:
                site.visit(f"/index.php?controller=product&id_product={row.id}")
                shots.append(site.shot("la page du produit, vue par un visiteur"))
                state = "en ligne" if row.active else "hors ligne"
                observed = f"Le produit « {row.name} » est {state} ; à voir sur les captures : l’accueil et sa page."
        expected = "Le travail se voit dans la boutique, comme le candidat a pu s’en assurer."
        return [Finding(SEEN, Verdict.TO_JUDGE, expected, observed, tuple(shots))]

    def ways(self) -> Sequence[Act]:
        """The back office's own link to the shop."""

        def look(desk: Desk) -> None:
            page = office(desk, "AdminProducts")
            page.goto(
                str(page.locator("#header_shopname, a[target=_blank][href^='http']").first.evaluate("a => a.href"))
            )

        return (Act("« Voir ma boutique »", look),)

    def near_misses(self) -> Sequence[NearMiss]:
        """None: a person decides."""
        return ()

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A product's page."""
        return (cls(product="Sablé nature"),)


class SearchAlias(Check, id="prestashop.navigation.search_alias"):
    """La recherche de la boutique comprend un alias : elle donne les mêmes produits que le mot qu’il remplace."""

    proves = (ALIAS,)

    aliases: tuple[WantedText, ...] = Field(min_length=1, description="Les mots que les visiteurs tapent.")
    search: WantedText = Field(description="Le mot par lequel la boutique cherche à leur place.")

    @field_validator("aliases")
    @classmethod
    def _words(cls, aliases: tuple[str, ...]) -> tuple[str, ...]:
        if any("," in one for one in aliases):
            raise ValueError("un alias ne contient pas de virgule")
        return aliases

    def verify(self, site: Site) -> list[Finding]:
        """What the shop finds for each alias, and for the word itself; the list of aliases says why."""
        kept: list[list[str]] = looked_up(site, site.signed_in(), screen(site, "AdminParentSearchConf"), _KEPT)
        wanted = _found(site, self.search)
        found = {one: _found(site, one) for one in self.aliases}
        missing = [one for one in self.aliases if not _stands(kept, one, self.search)]
        unlike = [one for one, seen in found.items() if seen != wanted or not seen]
        site.visit(f"/index.php?controller=search&s={quote(self.aliases[0])}")
        expected = f"Qui cherche {' ou '.join(f'« {one} »' for one in self.aliases)} trouve les mêmes produits que pour « {self.search} »."
        kept_for = f"{_aliases(self.aliases)} pour « {self.search} »"
        observed = f"{kept_for} ; la recherche donne {numbered(len(wanted), 'produit')}."
        verdict = Verdict.MET
        if missing:
            # For "sablés" in place of "sablé": what a visitor finds is the same.
            nearly = all(one not in unlike and _stands(kept, one, self.search, nearly_same) for one in missing)
            verdict = Verdict.TO_JUDGE if nearly else Verdict.NOT_MET
            observed = self._missing(kept, missing, nearly)
        elif unlike:
            # It is in its place: that the shop takes case for a difference, for one, is not the candidate's fault.
            verdict = Verdict.TO_JUDGE
            give = "ne donnent" if len(unlike) > 1 else "ne donne"
            observed = f"{kept_for}, mais {quoted(unlike)} {give} pas les mêmes produits."
            if not wanted:
                observed = f"{kept_for}, mais la recherche de « {self.search} » ne donne aucun produit."
        shot = site.shot("le résultat de la recherche", mark=site.page.locator("#products .product-miniature"))
        return [Finding(ALIAS, verdict, expected, observed, (shot,))]

    def _missing(self, kept: Sequence[Sequence[str]], missing: Sequence[str], nearly: bool) -> str:
        """What is said of the aliases that aren't there; `nearly` where each is for a word near the one asked."""
        lacking = f"{_aliases(missing, there=False)} pour « {self.search} »"
        if nearly:
            words = dict.fromkeys(word for names, word, active in kept if active and nearly_same(self.search, word))
            return f"{lacking}, mais pour un mot voisin, qui donne les mêmes produits : {quoted(words)}."
        listed = [(names, word, "1") for names, word, _ in kept]
        off = [one for one in missing if _stands(listed, one, self.search)]
        if not off:
            return f"{lacking}."
        rest = [one for one in missing if one not in off]
        said = [f"{_aliases(rest, there=False)} pour « {self.search} »."] if rest else []
        return " ".join(
            [f"{_aliases(off)} pour « {self.search} », mais {'inactifs' if off[1:] else 'inactif'}.", *said]
        )

    def ways(self) -> Sequence[Act]:
        """All in one line, or one by one."""

        def each(desk: Desk) -> None:
            for one in self.aliases:
                self.but(aliases=(one,))._add(desk)

        return (Act("une seule saisie", lambda desk: self._add(desk)), Act("un alias après l’autre", each))

    def near_misses(self) -> Sequence[NearMiss]:
        """The two words swapped, another word, not active, one alias left out, not saved."""

        swapped = self.but(aliases=(self.search,), search=self.aliases[0])
        misses = [
            NearMiss("les deux mots intervertis", ALIAS, swapped._add),
            NearMiss(
                "pour un autre mot",
                ALIAS,
                self.but(search="boutique" if same(self.search, "cadeau") else "cadeau")._add,
            ),
            NearMiss("enregistré, puis désactivé", ALIAS, self._add_inactive),
            NearMiss("saisi sans enregistrer", ALIAS, partial(self._add, save=False)),
        ]
        if len(self.aliases) > 1:
            misses.append(
                NearMiss("un alias oublié", ALIAS, lambda desk: self.but(aliases=self.aliases[:-1])._add(desk))
            )
        return misses

    def roads(self) -> Sequence[Road]:
        """The search is set so that it finds nothing for the word."""

        def among_long_words(desk: Desk) -> None:
            self._add(desk)
            search_long_words(desk)

        return (Road("enregistré, mais la recherche écarte les mots courts", ALIAS, among_long_words),)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """What people write for what the shop sells."""
        return (cls(aliases=("sablay", "shortbread"), search="sablé"),)

    def _add_inactive(self, desk: Desk) -> None:
        self._add(desk)
        page = office(desk, "AdminParentSearchConf")
        with saving(page):
            # The shop keeps its words without accents.
            row = page.locator("table.alias tbody tr").filter(has_text=fold(self.search))
            row.locator(".list-action-enable").first.click()

    def _add(self, desk: Desk, save: bool = True) -> None:
        page = office(desk, "AdminParentSearchConf")
        page.locator("#page-header-desc-alias-new_alias").click()
        page.locator("#alias").fill(",".join(self.aliases))
        page.locator("#search").fill(self.search)
        if save:
            with saving(page):
                page.locator("#alias_form_submit_btn").click()


def _aliases(names: Sequence[str], there: bool = True) -> str:
    """« L’alias « a » est enregistré », « Les alias « a », « b » ne sont pas enregistrés »."""
    if names[1:]:
        return f"Les alias {quoted(names)} {'sont' if there else 'ne sont pas'} enregistrés"
    return f"L’alias {quoted(names)} {'est' if there else 'n’est pas'} enregistré"


def _stands(kept: Sequence[Sequence[str]], alias: str, search: str, alike: Callable[[str, str], bool] = same) -> bool:
    """Whether a row of the list has the alias, with a tick, for that word, or one that is `alike`."""
    return any(
        alike(search, word) and active and any(same(alias, one) for one in names.split(","))
        for names, word, active in kept
    )


def _found(site: Site, words: str) -> list[str]:
    found: list[str] = looked_up(
        site, site.page, f"{site.address}/index.php?controller=search&s={quote(words)}&resultsPerPage=1000", _PRODUCTS
    )
    return sorted(found)


_KEPT = Script[list[list[str]]]("""page => [...page.querySelectorAll('table.alias tbody tr')].map(row => {
    const text = name => (row.querySelector(`td.column-${name}, td.fixed-width-${name}`) || {textContent: ''}).textContent.trim();
    const cells = [...row.querySelectorAll('td')].map(td => td.textContent.trim()).filter(Boolean);
    return [text('alias') || cells[0] || '', text('search') || cells[1] || '', row.querySelector('.action-enabled, .list-action-enable.action-enabled') ? '1' : ''];
})""")

_PRODUCTS = Script[list[str]](
    "page => [...page.querySelectorAll('#js-product-list .product-miniature')].map(p => p.dataset.idProduct)"
)
