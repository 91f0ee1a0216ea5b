"""What a customer may add to a product of his own: a text, a file, asked for or left to him."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from checks.prestashop.reading import product_verdicts as judged
from checks.prestashop.reading.answers import Forbidden, Script, looked_up
from checks.prestashop.reading.naming import missing, named
from checks.prestashop.reading.seeded import categories_of, seeded_number
from checks.prestashop.reading.shop import Row, catalogue
from checks.prestashop.screens.disturbances import close_categories, hide_prices
from checks.prestashop.screens.product import open_product
from provisioner.french.text import nearly_holds, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

TEXT = fact("prestashop.contenu.personnalisation", "champ texte")
FILE = fact("prestashop.contenu.personnalisation", "champ fichier")
REQUIRED = fact("prestashop.contenu.personnalisation", "obligatoire ou non")

_TYPES = {"texte": "1", "fichier": "0"}
#: What a label says at its end of whether it must be filled in.
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")


class FieldWanted(BaseModel):
    """A field that the customer fills in on the product's page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: WantedText = Field(description="Son libellé.")
    type: Literal["texte", "fichier"] = Field("texte", description="Si le client y écrit ou y dépose un fichier.")
    required: bool | None = Field(
        None, description="S’il est obligatoire (true) ou non (false) ; absent si non demandé."
    )


@dataclass(frozen=True)
class FieldSeen:
    """A field as the product's page shows it."""

    label: str
    type: str
    required: bool

    def __str__(self) -> str:
        return f"« {self.label} » ({f'{self.type}, ' if self.type else ''}{'obligatoire' if self.required else 'facultatif'})"


class Customization(Check, id="prestashop.contenu.customization"):
    """Le client peut personnaliser un produit : texte à écrire, fichier à déposer, obligatoires ou non."""

    proves = (TEXT, FILE, REQUIRED)

    product: Annotated[str, Refers("products.name")] = Field(min_length=1, description="Le nom du produit.")
    fields: tuple[FieldWanted, ...] = Field(min_length=1, description="Les champs, d’autres permis.")

    @model_validator(mode="after")
    def _different(self) -> Self:
        if any(same(a.label, b.label) for i, a in enumerate(self.fields) for b in self.fields[:i]):
            raise ValueError("deux champs ont le même libellé")
        return self

    def facts(self) -> tuple[str, ...]:
        """What these fields ask for."""
        asked = {
            TEXT: any(one.type == "texte" for one in self.fields),
            FILE: any(one.type == "fichier" for one in self.fields),
            REQUIRED: any(one.required is not None for one in self.fields),
        }
        return tuple(one for one, wanted in asked.items() if wanted)

    def verify(self, site: Site) -> list[Finding]:
        """The product's page as a visitor sees it, or would if it were online."""
        row = named(self.company, catalogue(site), self.product)
        if row is None:
            site.visit("/")
            shot = site.shot("la boutique")
            return [self._finding(one, (), missing(self.product), shot) for one in self.facts()]
        seen, closed = _on_page(site, row)
        site.visit(row.path)
        shot = site.shot("la page du produit", mark=site.page.locator(".product-customization"))
        what = f"propose : {', '.join(map(str, seen))}" if seen else "ne propose aucun champ"
        observed = f"La page du produit {what}."
        found = [self._finding(one, seen, observed + row.away, shot) for one in self.facts()]
        if seen or not (kept := _on_sheet(site, row)):
            return found
        # A page that is closed to visitors, or sells them nothing, shows no field.
        why = "est fermée aux visiteurs" if closed else "ne montre aucun champ aux visiteurs"
        observed = f"La page du produit {why}, mais sa fiche a : {', '.join(map(str, kept))}."
        by_sheet = [self._finding(one, kept, observed + row.away, shot) for one in self.facts()]
        return [replace(one, verdict=judged.worst([one.verdict, Verdict.TO_JUDGE])) for one in by_sheet]

    def _finding(self, which: str, seen: Sequence[FieldSeen], observed: str, shot: str) -> Finding:
        if which == REQUIRED:
            asked = [one for one in self.fields if one.required is not None]
            said = ", ".join(f"« {one.label} » est {'obligatoire' if one.required else 'facultatif'}" for one in asked)
            verdict = judged.worst(as_required(one, self._for(one, seen)) for one in asked)
            return Finding(which, verdict, f"{said}.", observed + _unlabelled(asked, seen), (shot,))
        kind = "texte" if which == TEXT else "fichier"
        asked = [one for one in self.fields if one.type == kind]
        said = ", ".join(f"« {one.label} »" for one in asked)
        verdict = judged.worst(
            labelled(one.label, [each.label for each in self._for(one, seen) if each.type == kind]) for one in asked
        )
        return Finding(
            which,
            verdict,
            f"Le client remplit {'des champs' if asked[1:] else 'un champ'} {kind} : {said}.",
            observed + _unlabelled(asked, seen, kind),
            (shot,),
        )

    def _for(self, wanted: FieldWanted, seen: Sequence[FieldSeen]) -> Sequence[FieldSeen]:
        """The fields that may be the wanted one: not those that have the label of another."""
        others = [one.label for one in self.fields if one is not wanted]
        return [one for one in seen if not any(same(other, one.label) for other in others)]

    def ways(self) -> Sequence[Act]:
        """The options tab; saved by the button, or by the keyboard."""
        return (
            Act("l’onglet Options de la fiche", lambda desk: self._add(desk)),
            Act("un champ après l’autre, enregistrés chacun", self._one_by_one),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """The other type, another label, another product, not saved; asked for or not, the other way round."""
        other = {"texte": "fichier", "fichier": "texte"}
        swapped = self._with(lambda one: one.model_copy(update={"type": other[one.type]}))
        renamed = self.but(
            fields=[{**one.model_dump(), "label": f"Rubrique {n}"} for n, one in enumerate(self.fields, 1)]
        )
        inverted = self._with(lambda one: one.model_copy(update={"required": not one.required}))
        misses: list[NearMiss] = []
        for which, kind in ((TEXT, "texte"), (FILE, "fichier")):
            misses += [
                NearMiss(f"champ {other[kind]} au lieu de champ {kind}", which, swapped._add),
                NearMiss(f"un autre libellé de champ {kind}", which, renamed._add),
                NearMiss(f"champ {kind} non enregistré", which, lambda desk: self._add(desk, save=False)),
            ]
        misses += [
            NearMiss("obligatoire et facultatif inversés", REQUIRED, inverted._add),
            NearMiss("obligation non enregistrée", REQUIRED, lambda desk: self._add(desk, save=False)),
        ]
        return [miss for miss in misses if miss.fact in self.facts()]

    def roads(self) -> Sequence[Road]:
        """Labels that say more; fields that no visitor sees any more."""
        which = self.facts()[0]
        own = categories_of(self.company, seeded_number(self.company, self.product))

        def hidden(desk: Desk) -> None:
            self._add(desk)
            hide_prices(desk)

        def closed(desk: Desk) -> None:
            self._add(desk)
            close_categories(desk, own)

        more = self._with(lambda one: one.model_copy(update={"label": f"{one.label} (facultatif)"}))
        roads = [
            Road("« (facultatif) » ajouté au libellé", which, more._add),
            Road("prix cachés ensuite aux visiteurs", which, hidden),
        ]
        return [*roads, Road("catégories du produit fermées ensuite aux visiteurs", which, closed)] if own else roads

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A text that is asked for and a picture that isn't; a text on a product that no visitor sees."""
        return (
            cls(
                product="Coffret Trois Ajoncs",
                fields=(
                    FieldWanted(label="Message de la carte", type="texte", required=True),
                    FieldWanted(label="Logo de l’entreprise", type="fichier", required=False),
                ),
            ),
            cls(product="Boîte phare", fields=(FieldWanted(label="Prénom à graver", required=False),)),
        )

    def _with(self, change: Callable[[FieldWanted], FieldWanted]) -> "Customization":
        return self.but(fields=tuple(change(one).model_dump() for one in self.fields))

    def _add(self, desk: Desk, save: bool = True) -> None:
        sheet = open_product(desk, self.product)
        sheet.tab(6)
        rows = sheet.page.locator("ul.customFieldCollection > li")
        for wanted in self.fields:
            number = rows.count()
            sheet.page.locator("#custom_fields a.add").click()
            row = rows.nth(number)
            row.locator("input[type=text]").first.fill(wanted.label)
            row.locator("select").select_option(_TYPES[wanted.type])
            box = row.locator(".required-custom-field input[type=checkbox]")
            drawn = row.locator(".required-custom-field .switch-input")  # 1.7.8 hides the field below a switch
            if box.is_checked() != bool(wanted.required):
                (drawn if drawn.count() else box).click(force=True)
        if save:
            sheet.save()

    def _one_by_one(self, desk: Desk) -> None:
        for wanted in self.fields:
            self.but(fields=(wanted.model_dump(),))._add(desk)


def labelled(wanted: str, seen: Sequence[str]) -> Verdict:
    """Whether a field has that label; a slip of the pen, or words around it or left out in brackets, are for a person."""
    verdict = judged.likeness(wanted, seen)
    bare = _BRACKETS.sub("", wanted)
    doubtful = verdict is Verdict.NOT_MET and any(nearly_holds(one, wanted) or same(bare, one) for one in seen)
    return Verdict.TO_JUDGE if doubtful else verdict


def as_required(wanted: FieldWanted, seen: Sequence[FieldSeen]) -> Verdict:
    """Whether the field is there, asked for or left to the customer as wanted.

    Where none of that label is, one of its type may be meant: that its label is another costs its own fact alone.
    """
    so = [one for one in seen if one.required == wanted.required]
    verdict = labelled(wanted.label, [one.label for one in so])
    unlabelled = labelled(wanted.label, [one.label for one in seen]) is Verdict.NOT_MET
    return Verdict.TO_JUDGE if unlabelled and any(one.type == wanted.type for one in so) else verdict


def _unlabelled(asked: Sequence[FieldWanted], seen: Sequence[FieldSeen], kind: str = "") -> str:
    """What is said of the labels that no field (of that kind) has, where there are fields."""
    labels = [one.label for one in seen if kind in ("", one.type)]
    lacking = " ou ".join(f"« {one.label} »" for one in asked if not any(same(one.label, label) for label in labels))
    which = f"champ {kind}" if kind else "champ"
    return f" Aucun {which} n’a exactement le libellé {lacking}." if seen and lacking else ""


def _on_page(site: Site, row: Row) -> tuple[list[FieldSeen], bool]:
    """The fields that the product's page shows to a visitor, and whether that page is closed to him."""
    try:
        answer = looked_up(site, site.page, site.address + row.path, _FIELDS) or []
    except Forbidden:
        return [], True
    return [FieldSeen(**one) for one in answer], False


def _on_sheet(site: Site, row: Row) -> list[FieldSeen]:
    """The fields that the product's sheet in the back office has."""
    kept = looked_up(site, site.signed_in(), row.edit, _KEPT)
    names = {number: name for name, number in _TYPES.items()}
    return [FieldSeen(one["label"], names.get(one["type"], ""), one["required"]) for one in kept]


_KEPT = Script[list[dict[str, Any]]]("""page => [...page.querySelectorAll('ul.customFieldCollection > li')].map(row => ({
    label: (row.querySelector('input[type=text]')?.getAttribute('value') || '').trim(),
    type: row.querySelector('select option[selected]')?.value || '',
    required: Boolean(row.querySelector('.required-custom-field input[type=checkbox][checked]')),
})).filter(one => one.label)""")

_FIELDS = Script[list[dict[str, Any]]]("""page => [...page.querySelectorAll('.product-customization-item')].map(item => {
    const field = item.querySelector('textarea, input[type=file]');
    return {
        label: item.querySelector('label').textContent.trim(),
        type: field.tagName === 'TEXTAREA' ? 'texte' : 'fichier',
        required: field.hasAttribute('required'),
    };
})""")
