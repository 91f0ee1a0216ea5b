"""Search engines: the extension Yoast SEO, and what it keeps of a content or a category."""

from collections.abc import Sequence
from typing import Self

from pydantic import Field, model_validator

from checks.wordpress.reading import yoast_snippet
from checks.wordpress.reading.content_verdicts import still_shown, worst
from checks.wordpress.reading.wording import address_said
from checks.wordpress.screens import yoast_plugin
from checks.wordpress.screens.search_appearance import Appearance, Values, description_verdict, length_in_french
from provisioner.french.text import holds, nearly_same, quoted, same
from provisioner.subject.check import Act, Desk, Finding, NearMiss, Road, Site, Verdict, WantedText, finding
from provisioner.subject.functionalities import fact

ACTIVATED = fact("wordpress.referencement.yoast", "activée")
KEYPHRASE = fact("wordpress.referencement.yoast", "requête cible")
META = fact("wordpress.referencement.yoast", "méta description")
CATEGORY = fact("wordpress.referencement.yoast", "référencement d’une catégorie")


class YoastSeo(Appearance, id="wordpress.referencement.yoast"):
    """L’extension Yoast SEO est activée ; requête cible et méta description d’un contenu ou d’une catégorie.

    Sans contenu ni catégorie, seule l’activation est contrôlée. D’une catégorie, un seul constat dit si tout y est.
    """

    proves = (ACTIVATED, KEYPHRASE, META, CATEGORY)

    keyphrase: str = Field("", description="La requête cible ; vide quand elle n’est pas demandée.")
    description: tuple[WantedText, ...] = Field((), description="Ce que la méta description doit dire.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.content and self.category:
            raise ValueError("content ou category, pas les deux")
        if self._name and not (self.keyphrase or self.description):
            raise ValueError("keyphrase ou description doit être demandé")
        if not self._name and (self.keyphrase or self.description):
            raise ValueError("content ou category doit dire de quoi")
        return self

    def facts(self) -> tuple[str, ...]:
        """The activation always; the rest as it is asked."""
        if self.category:
            return (ACTIVATED, CATEGORY)
        return (ACTIVATED, *((KEYPHRASE,) * bool(self.keyphrase)), *((META,) * bool(self.description)))

    def verify(self, site: Site) -> list[Finding]:
        """The list of plugins, what the box keeps, and what the visitor's page tells search engines."""
        on = yoast_snippet.active(site)
        plugins = yoast_snippet.plugins_screen(site)
        row = plugins.locator(f"tr[data-plugin='{yoast_snippet.PLUGIN}.php']")
        shot = site.shot("les extensions", plugins, mark=row)
        findings = [
            finding(
                ACTIVATED,
                on,
                "l’extension Yoast SEO est activée",
                "elle est activée" if on else "elle n’est pas activée",
                shot,
            )
        ]
        if not self._name:
            return findings
        screen, address, content = self._look(site)
        kept = yoast_snippet.kept_fields(site, screen) if on and screen else {}
        title, described = self._told(site, content, kept)
        note = site.note(
            "ce que lisent les moteurs de recherche",
            f"{address_said(address)}\nTitre : {title}\nDescription : {described or 'aucune'}\n"
            + "\n".join(f"Yoast, {name} : {text or 'vide'}" for name, text in kept.items()),
        )
        page = site.shot("la page vue par un visiteur")
        results = {}
        if self.keyphrase:
            results[KEYPHRASE] = keyphrase_verdict(self.keyphrase, kept.get("keyphrase", "") if on else "")
        if self.description:
            verdict, said = description_verdict(self.description, self._bounds, described)
            results[META] = verdict, said.replace("description", "méta description", 1)
        off = "" if on else " ; l’extension Yoast SEO n’est pas activée"
        missing = "" if screen else f" ; {self._nowhere}"
        if self.category:
            observed = " ; ".join(said for _, said in results.values()) + off + missing
            verdict = worst([verdict for verdict, _ in results.values()])
            expected = f"{self._of_what} a " + " et ".join(self._asked(one) for one in results)
            return [*findings, Finding(CATEGORY, verdict, expected, observed, (page, note))]
        of_content = [
            Finding(one, verdict, f"{self._of_what} a {self._asked(one)}", said + off + missing, (page, note))
            for one, (verdict, said) in results.items()
        ]
        return [*findings, *still_shown(site, content, of_content)]

    def _asked(self, one: str) -> str:
        if one == KEYPHRASE:
            return f"la requête cible « {self.keyphrase} »"
        return f"une méta description{length_in_french(self._bounds)} qui dit {quoted(self.description)}"

    def ways(self) -> Sequence[Act]:
        """The plugin switched on, then its box, or its column in the editor; in one visit or in two."""
        ways = [Act("extension activée, encadré rempli", self._filled())]
        if self.content:
            ways.append(Act("extension activée, volet de Yoast rempli dans l’éditeur", self._filled(column=True)))
        if self.keyphrase and self.description:

            def in_two_visits(desk: Desk) -> None:
                self.but(description=())._filled()(desk)
                self.but(keyphrase="")._filled()(desk)

            ways.append(Act("en deux fois", in_two_visits))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Switched off again, in the wrong field, the neighbour's, not kept, too long."""

        def another_plugin(desk: Desk) -> None:
            yoast_plugin.activate_another(desk)

        def on_and_off(desk: Desk) -> None:
            yoast_plugin.activate(desk)
            yoast_plugin.deactivate(desk)

        misses = [
            NearMiss("une autre extension activée", ACTIVATED, another_plugin),
            NearMiss("activée, puis désactivée", ACTIVATED, on_and_off),
        ]
        one = CATEGORY if self.category else KEYPHRASE if self.keyphrase else META
        if self._name:
            misses += [
                NearMiss("tout rempli, puis extension désactivée", one, self._switched_off),
                NearMiss("sur le voisin", one, self._neighbour),
                NearMiss("dans le texte que lit le visiteur", one, self._in_the_text),
            ]
        if self.description and self.keyphrase:
            swapped: Values = {"keyphrase": self._text(), "description": self.keyphrase}
            misses += [
                NearMiss("requête et description interverties", one, self._filled(swapped)),
                NearMiss("requête seule", META if not self.category else one, self.but(description=())._filled()),
            ]
            if not self.category:
                misses.append(NearMiss("description écrite dans le texte", META, self._described_in_the_text))
        if self.max_length and not self.category:
            long = self._text() + " Venez nous voir." * (self.max_length // 10)
            values: Values = {"description": long}
            misses.append(NearMiss("description trop longue", META, self._filled(values)))
        return misses

    def roads(self) -> Sequence[Road]:
        """A description that denies what it was to say."""
        if not self.description:
            return ()
        text = self._long_enough(f"Nous ne proposons plus : {', '.join(self.description)}.")
        values: Values = {**self._values(), "description": text}
        return (
            Road(
                "une description qui nie ce qu’elle doit dire",
                CATEGORY if self.category else META,
                self._filled(values),
            ),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """An article, and a category."""
        return (
            cls(
                content="tarte-au-citron-aux-palets",
                keyphrase="tarte au citron bretonne",
                description=("tarte au citron bretonne", "palets"),
                max_length=155,
            ),
            cls(category="recettes", keyphrase="recettes de biscuits", description=("recettes de biscuits",)),
        )

    def _described_in_the_text(self, desk: Desk) -> None:
        self.but(keyphrase="")._in_the_text(desk)
        self.but(description=())._filled()(desk)

    def _text(self) -> str:
        return self._long_enough(f"À découvrir : {', '.join(self.description)}.") if self.description else ""

    def _values(self) -> Values:
        values: dict[yoast_snippet.Field, str] = {}
        if self.keyphrase:
            values["keyphrase"] = self.keyphrase
        if self.description:
            values["description"] = self._text()
        return values


def keyphrase_verdict(wanted: str, seen: str) -> tuple[Verdict, str]:
    """Whether the keyphrase is the wanted one."""
    near = nearly_same(wanted, seen) or (holds(seen, wanted) and len(seen) <= 1.5 * len(wanted))
    verdict = Verdict.MET if same(wanted, seen) else Verdict.TO_JUDGE if near else Verdict.NOT_MET
    doubt = " ; à lire : c’est, à un détail près, celle qui est demandée" * (verdict is Verdict.TO_JUDGE)
    return verdict, f"requête cible : {f'« {seen} »' if seen else 'vide'}{doubt}"
