"""The module of customers' comments on products: who may write one, and what becomes of one."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from checks.prestashop.reading.answers import Script, looked_up, looked_up_each
from checks.prestashop.reading.modules import settings_of
from checks.prestashop.reading.naming import missing, named
from checks.prestashop.reading.seeded import rows
from checks.prestashop.reading.shop import catalogue
from checks.prestashop.screens.module_manager import configure
from checks.prestashop.screens.office import LOADING, saving, turn
from checks.prestashop.screens.product_lists import toggle_in_list
from checks.visibility import is_seen
from provisioner.french.text import quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

GUESTS = fact("prestashop.module.commentaires-produits", "visiteurs autorisés")
MODERATED = fact("prestashop.module.commentaires-produits", "commentaire modéré")

_MODULE = "productcomments"
_SAID = ("ne peuvent pas écrire de commentaire", "peuvent écrire un commentaire")


class ProductComments(Check, id="prestashop.module.product_comments"):
    """Les visiteurs peuvent commenter un produit, ou non ; un commentaire en attente est publié, ou supprimé."""

    proves = (GUESTS, MODERATED)

    guests: bool | None = Field(
        None, description="Si les visiteurs sans compte peuvent commenter ; absent si non demandé."
    )
    title: Annotated[str, Refers("product_comments.title")] = Field(
        "", description="Le titre du commentaire en attente qui est à modérer."
    )
    product: Annotated[str, Refers("products.name")] = Field("", description="Le produit qu’il commente.")
    outcome: Literal["publié", "supprimé"] = Field("publié", description="Ce qu’il doit devenir.")

    also: tuple[Annotated[str, Refers("product_comments.title")], ...] = Field(
        (), description="Les titres des autres commentaires en attente que le sujet demande aussi de modérer."
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.title) != bool(self.product):
            raise ValueError("title et product vont ensemble")
        if not self.title and self.guests is None:
            raise ValueError("demandez guests, ou un commentaire (title et product)")
        if self.also and not self.title:
            raise ValueError("also va avec title et product")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        return (*((GUESTS,) if self.guests is not None else ()), *((MODERATED,) if self.title else ()))

    def verify(self, site: Site) -> list[Finding]:
        """The page of the product, or of another where it is gone; the module's screen for what waits there."""
        rows = catalogue(site)
        known = named(self.company, rows, self.product) if self.product else None
        row = known or min(rows, key=lambda one: (not one.active, one.id))
        site.visit(row.path)
        header = site.page.locator("#product-comments-list-header")
        if header.count():
            header.first.scroll_into_view_if_needed()
        shot = site.shot("les commentaires du produit", mark=header)
        kept = settings_of(site, _MODULE, _KEPT)
        if kept is None:
            return self._uninstalled(shot)
        found = []
        if self.guests is not None:
            allowed = is_seen(site.page.locator(".post-product-comment"))
            observed = (
                f"D’après le réglage du module, les visiteurs sans compte {_SAID[kept['guests']]} ; sur la page du produit, "
                + ("le bouton pour écrire est là." if allowed else "il n’y a pas de bouton pour écrire.")
            )
            verdict = self.allowed(kept["guests"], allowed)
            found.append(Finding(GUESTS, verdict, self._expected[GUESTS], observed, (shot,)))
        if self.title:
            found.append(
                self._moderated(site, known.id, kept["waiting"], kept["moderating"], shot)
                if known
                else gone_verdict(self.title, self.product, self.outcome, kept["waiting"], shot)
            )
        return found

    @property
    def _expected(self) -> dict[str, str]:
        return {
            GUESTS: f"Les visiteurs sans compte {_SAID[bool(self.guests)]}.",
            MODERATED: f"Le commentaire « {self.title} » est {self.outcome}.",
        }

    def _uninstalled(self, shot: str) -> list[Finding]:
        """Another question may have taken the module away, with all that it kept."""
        why = "Le module des commentaires est désinstallé : il n’a plus de réglages, et la boutique ne montre aucun commentaire."
        return [Finding(one, Verdict.TO_JUDGE, self._expected[one], why, (shot,)) for one in self.facts()]

    def allowed(self, kept: bool, shown: bool) -> Verdict:
        """The module's setting decides; a page that doesn't follow it, as where the module is off, is for a person."""
        if kept != self.guests:
            return Verdict.NOT_MET
        return Verdict.MET if shown == self.guests else Verdict.TO_JUDGE

    def _moderated(self, site: Site, product: int, waiting: Sequence[str], moderating: bool, shot: str) -> Finding:
        titles = _titles(site, product)
        shown = any(same(self.title, title) for title in titles or ())
        waits = any(same(self.title, title) for title in waiting)
        expected = self._expected[MODERATED]
        if titles is None and not waits:
            why = "Le commentaire n’est plus en attente, mais le module des commentaires est désactivé : la boutique n’en montre aucun."
            return Finding(MODERATED, Verdict.TO_JUDGE, expected, why, (shot,))
        state = "publié" if shown else "en attente" if waits else "supprimé"
        verdict = Verdict.MET if state == self.outcome else Verdict.NOT_MET
        seen = (
            f" La page du produit montre {'le commentaire' if len(titles) == 1 else 'les commentaires'} {quoted(titles)}."
            if titles
            else " La page du produit ne montre aucun commentaire."
        )
        done = [one for one in self._others() if not any(same(one, cell) for cell in waiting)]
        if verdict is Verdict.MET and done and moderating:
            # Another question may have asked for it; or more was done than was asked.
            verdict = Verdict.TO_JUDGE
            one = len(done) == 1
            others, are = ("un autre commentaire", "n’est") if one else ("d’autres commentaires", "ne sont")
            seen = f"{seen} À lire : {others}, {quoted(done)}, {are} plus en attente."
        if verdict is Verdict.MET and shown and not moderating:
            # Approved or not, every comment is then shown, and the module's screen no longer tells them apart.
            verdict, seen = (
                Verdict.TO_JUDGE,
                f"{seen} La modération est désactivée : tous les commentaires sont publiés.",
            )
        return Finding(MODERATED, verdict, expected, f"Le commentaire est {state}.{seen}", (shot,))

    def _others(self) -> list[str]:
        """The titles of the comments that waited before the work, and that nothing asks to moderate."""
        asked = (self.title, *self.also)
        return [one for one in waiting_before(self.company) if not any(same(title, one) for title in asked)]

    def ways(self) -> Sequence[Act]:
        """Its screen."""
        return (Act("écran du module", lambda desk: self._do(desk)),)

    def near_misses(self) -> Sequence[NearMiss]:
        """The setting beside it, not saved; the other outcome, the neighbour's comment."""

        misses = []
        if self.guests is not None:
            misses += [
                NearMiss("réglage voisin", GUESTS, partial(self._do, field="PRODUCT_COMMENTS_ANONYMISATION")),
                NearMiss("réglé sans enregistrer", GUESTS, partial(self._do, save=False)),
            ]
        if self.title:
            other = "supprimé" if self.outcome == "publié" else "publié"
            misses += [
                NearMiss("le commentaire voisin", MODERATED, partial(self._do, neighbour=True)),
                NearMiss(
                    f"{other} au lieu de {self.outcome}", MODERATED, lambda desk: self.but(outcome=other)._do(desk)
                ),
            ]
        return misses

    def roads(self) -> Sequence[Road]:
        """All that waits published or deleted with it; its product taken off line by another question."""
        if not self.title:
            return ()

        def off_line(desk: Desk) -> None:
            self._do(desk)
            toggle_in_list(desk, self.product)

        roads = [Road("modéré, puis produit mis hors ligne", MODERATED, off_line, Verdict.MET)]
        if self._others():
            roads.insert(0, Road("un autre commentaire modéré en plus", MODERATED, self._two))
        return roads

    def _two(self, desk: Desk) -> None:
        self._do(desk)
        self._do(desk, neighbour=True)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A visitor may write; one comment is published, and another is deleted."""
        return (
            cls(guests=True, title="Reçus en miettes", product="Sablé aux pépites de chocolat"),
            cls(title="GAGNEZ DE L’ARGENT AVEC LE MIEL", product="Miel de blé noir", outcome="supprimé"),
        )

    def _do(
        self, desk: Desk, field: str = "PRODUCT_COMMENTS_ALLOW_GUESTS", neighbour: bool = False, save: bool = True
    ) -> None:
        page = configure(desk, _MODULE)
        if self.guests is not None:
            turn(page, f"{field}_{'on' if self.guests else 'off'}")
            if save:
                with saving(page):
                    page.locator("#productcomments_form_submit_btn").click()
        if self.title and save:
            rows = page.locator("#table-waiting-approval-productcomments-list tbody tr")
            texts = rows.all_inner_texts()
            asked = (self.title, *self.also) if neighbour and self._others() else (self.title,)
            index = next(i for i, text in enumerate(texts) if any(one in text for one in asked) != neighbour)
            row = rows.nth(index)
            done = row.locator("a[href*='approveComment=']")
            if self.outcome == "supprimé":
                row.locator(".dropdown-toggle").click()
                row.locator("a.delete").click()
                done = page.locator("#popup_ok:visible, .modal.in .btn-primary:visible")
            with page.expect_navigation(url=lambda url: not url.endswith("#"), timeout=LOADING):
                done.first.click()


def waiting_before(company: Path) -> list[str]:
    """The titles of the comments that waited before the work."""
    return [row["title"] for _, row in rows(company, "product_comments") if not row.get("approved")]


def gone_verdict(title: str, product: str, outcome: str, waiting: Sequence[str], shot: str) -> Finding:
    """The finding on a comment whose product is gone: where it doesn't wait, nothing tells what became of it before."""
    waits = any(same(title, one) for one in waiting)
    verdict = Verdict.NOT_MET if waits else Verdict.TO_JUDGE
    untold = "n’est plus en attente ; sans le produit, rien ne dit s’il a été publié ou supprimé"
    observed = f"{missing(product)} Le commentaire {'est encore en attente' if waits else untold}."
    return Finding(MODERATED, verdict, f"Le commentaire « {title} » est {outcome}.", observed, (shot,))


def _titles(site: Site, product: int) -> list[str] | None:
    """The titles of all comments that the shop shows of a product, a page at a time; None where the module is off."""
    address = f"{site.address}/index.php?fc=module&module={_MODULE}&controller=ListComments&id_product={product}"
    first = looked_up(site, site.page, address, _COMMENTS)
    if first is None:
        return None
    more = [f"{address}&page={number}" for number in range(2, first["pages"] + 1)]
    pages = [first, *looked_up_each(site, site.page, more, _COMMENTS)]
    return [title for page in pages for title in page["titles"]]


_KEPT = Script[dict[str, Any]]("""page => ({
    guests: Boolean(page.querySelector('#PRODUCT_COMMENTS_ALLOW_GUESTS_on[checked]')),
    moderating: Boolean(page.querySelector('#PRODUCT_COMMENTS_MODERATE_on[checked]')),
    waiting: [...page.querySelectorAll('#table-waiting-approval-productcomments-list tbody tr, [id*=waiting-approval] tbody tr')].flatMap(
        row => [...row.querySelectorAll('td')].map(td => td.textContent.trim())),
})""")

#: The titles come written as HTML, which the page shows as text.
_COMMENTS = Script[dict[str, Any]]("""(page, about, whole) => {
    const answer = JSON.parse(whole), said = html => new DOMParser().parseFromString(html, 'text/html').documentElement.textContent;
    return {titles: answer.comments.map(one => said(one.title)),
            pages: Math.ceil(answer.comments_nb / (Number(answer.comments_per_page) || Infinity))};
}""")
