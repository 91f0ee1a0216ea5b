"""Contents: a form of Spectra."""

from collections.abc import Callable, Sequence
from typing import Self

from playwright.sync_api import Page
from pydantic import Field, field_validator

from checks.wordpress.reading import spectra_verdicts as verdicts
from checks.wordpress.reading.answers import rest
from checks.wordpress.reading.content_verdicts import best
from checks.wordpress.reading.library import MediaFile
from checks.wordpress.reading.spectra_shown import Shown, SpectraBlocks
from checks.wordpress.reading.spectra_verdicts import Result, all_of, named_so, said_so
from checks.wordpress.reading.spectra_wanted import FormField, is_address
from checks.wordpress.screens import block_roads, spectra, spectra_markup
from checks.wordpress.screens.spectra import Put
from checks.wordpress.spectra import SpectraBlock
from provisioner.french.text import same_address
from provisioner.subject.check import Desk, NearMiss, Road, Site, Verdict
from provisioner.subject.functionalities import fact

FORM = fact("wordpress.contenu.spectra", "formulaire")
#: What Spectra answers until somebody writes something else.
_ANSWER = "The form has been submitted successfully!"


class SpectraForm(SpectraBlock, id="wordpress.contenu.spectra_form"):
    """Un formulaire (bloc Form de Spectra) : ses champs, le destinataire des messages, le bouton.

    L’ordre des champs n’est pas contrôlé, et d’autres champs sont admis. Sans destinataire, l’envoi échoue pour les
    visiteurs : une question qui fait créer un formulaire le demande donc.
    """

    proves = (FORM,)
    kind = "formulaire"

    fields: tuple[FormField, ...] = Field(min_length=1, description="Les champs.")
    recipient: str = Field("", description="L’adresse qui reçoit les messages ; vide quand elle n’est pas demandée.")
    button: str = Field("", description="Le texte du bouton d’envoi ; vide quand il n’est pas demandé.")
    message: str = Field("", description="Ce que le visiteur lit après l’envoi ; vide quand ce n’est pas demandé.")

    @field_validator("recipient")
    @classmethod
    def _is_an_address(cls, recipient: str) -> str:
        if recipient and not is_address(recipient):
            raise ValueError("recipient est une adresse électronique")
        return recipient

    def wanted(self) -> str:
        """The fields, and what the form does."""
        said = f"un formulaire de Spectra avec {', '.join(map(str, self.fields))}"
        said += f", qui écrit à {self.recipient}" * bool(self.recipient)
        said += f", dont le bouton dit « {self.button} »" * bool(self.button)
        return said + f", et qui répond « {self.message} »" * bool(self.message)

    def texts(self) -> tuple[str, ...]:
        """The names of the fields, and what may be chosen in them."""
        return tuple(text for one in self.fields for text in (one.label, *one.choices))

    def judge(self, read: SpectraBlocks, files: Sequence[MediaFile], site: Site) -> tuple[Verdict, str]:
        """The best of the forms."""
        if not read.shown:
            return Verdict.NOT_MET, self.none(read)
        own = str(rest(site, "wp/v2/settings").get("email", "")) if self.recipient else ""
        results = [self._form(shown, files, own) for shown in read.shown]
        verdict = best([found for (found, _), _ in results])
        (_, why), observed = next(one for one in results if one[0][0] is verdict)
        return verdict, f"{observed} ; à lire : {why}" if verdict is Verdict.TO_JUDGE else observed

    def _form(self, shown: Shown, files: Sequence[MediaFile], own: str) -> tuple[Result, str]:
        """One form, and what was observed of it; `own` is the address of the site's administrator."""
        matched = verdicts.match(self.fields, shown.items, verdicts.form_field, files)
        observed = " ; ".join(_field(item.texts["label"], item.required) for item in shown.items) or "aucun champ"
        results: list[Result] = [(matched.verdict, " ; ".join(matched.doubts))]
        observed += f" ; il manque {', '.join(matched.lacking)}" * bool(matched.lacking)
        if self.button:
            seen = shown.besides.get("button", "")
            results.append(named_so(self.button, seen))
            observed += f" ; le bouton dit « {seen} »"
        if self.message:
            answer, said = self._answers(shown)
            results.append(answer)
            observed += f" ; {said}"
        to, said = self._writes_to(shown, own)
        results.append(to)
        verdict, why = all_of([*results, *self.doubts([shown])])
        return (verdict, why), f"{observed} ; {said}" if said else observed

    def _answers(self, shown: Shown) -> tuple[Result, str]:
        """Whether the form answers as it must."""
        block = shown.stored
        if block and block.text("confirmationType", "message") == "url":
            return (Verdict.NOT_MET, ""), f"après l’envoi, il mène à {block.text('confirmationUrl')}"
        seen = block.text("confirmationMessage", _ANSWER) if block else shown.besides.get("message", "")
        return said_so(self.message, seen), f"après l’envoi, il dit « {seen} »"

    def _writes_to(self, shown: Shown, own: str) -> tuple[Result, str]:
        """Whether the form writes to the wanted address: only its block tells."""
        if shown.stored is None:
            return (Verdict.MET, ""), ""  # that it isn't a block is a doubt of its own
        block = shown.stored
        to = [one.strip() for one in block.text("afterSubmitToEmail").split(",") if one.strip()]
        said = (
            f"il écrit à {', '.join(to)}"
            if to
            else "il n’a pas de destinataire, et son envoi échoue pour les visiteurs"
        )
        if not self.recipient:
            return (Verdict.MET, ""), said
        off = block.attributes.get("sendAfterSubmitEmail", True) is False
        if any(same_address(self.recipient, one) for one in to):
            why = "l’envoi d’un courriel est désactivé dans les réglages du bloc"
            return ((Verdict.TO_JUDGE, why) if off else (Verdict.MET, "")), said
        if not to and own and same_address(self.recipient, own):
            return (
                Verdict.TO_JUDGE,
                "l’adresse demandée est celle du site, à qui Spectra écrit sans destinataire",
            ), said
        return (Verdict.NOT_MET, ""), said

    def put(self) -> Put:
        """The first layout with these fields."""
        return spectra.put_form(self.fields, self.recipient, self.button, self.message)

    def html(self, page: Page) -> str:
        """The block and its fields."""
        return self._html()

    def _html(self, **settings: object) -> str:
        own = {"recipient": self.recipient, "button": self.button, "message": self.message}
        return spectra_markup.form(self.fields, **{**own, **settings})  # type: ignore[arg-type]

    def near_misses(self) -> Sequence[NearMiss]:
        """A field that is missing, in English, optional or obligatory against what is asked; a recipient in copy, misspelt or missing; no layout chosen."""
        first, *rest = self.fields
        english = first.model_copy(update={"label": "First Name"})
        found = [
            *self.common_near_misses(),
            NearMiss("aucun modèle de formulaire choisi", FORM, self.done(spectra.put_empty_form)),
            NearMiss("un champ resté en anglais", FORM, self._changed(fields=(english, *rest))),
        ]
        if rest:
            found.append(NearMiss("un champ de moins", FORM, self._changed(fields=tuple(rest))))
        if any(one.required for one in self.fields):
            free = tuple(one.model_copy(update={"required": False}) for one in self.fields)
            found.append(NearMiss("des champs facultatifs", FORM, self.done(self._with(fields=free).put())))
        if any(one.required is False for one in self.fields):
            bound = tuple(one.model_copy(update={"required": True}) for one in self.fields)
            found.append(NearMiss("des champs obligatoires", FORM, self.done(self._with(fields=bound).put())))
        if self.recipient:
            name, _, host = self.recipient.partition("@")
            copied = self.coded(lambda page: self._html(recipient="", afterSubmitCcEmail=self.recipient))
            found += [
                NearMiss("sans destinataire", FORM, self._changed(recipient="")),
                NearMiss("le destinataire en copie seulement", FORM, copied),
                NearMiss("une autre adresse", FORM, self._changed(recipient=f"{name}s@{host}")),
            ]
        if self.button:
            found.append(NearMiss("le bouton resté en anglais", FORM, self._changed(button="")))
        return found

    def _with(self, **changed: object) -> Self:
        return self.model_copy(update=changed)

    def _changed(self, **changed: object) -> Callable[[Desk], None]:
        return self.coded(self._with(**changed).html)

    def roads(self) -> Sequence[Road]:
        """In another order; an e-mail address asked for by a field for names; a form of HTML."""
        turned = self._with(fields=tuple(reversed(self.fields)))
        names = tuple(one.model_copy(update={"kind": "nom"}) for one in self.fields)
        rows = "".join(f"<p><label>{one.label} <input type='text' required></label></p>" for one in self.fields)
        plain = block_roads.custom(
            f"<form method='post'>{rows}<p><button>{self.button or 'Envoyer'}</button></p></form>"
        )
        found = [
            Road("les champs dans un autre ordre", FORM, self.kept(turned.html), Verdict.MET),
            Road("un formulaire en HTML", FORM, self.kept(lambda page: plain)),
        ]
        if names != self.fields:
            found.append(Road("des champs d’une autre sorte", FORM, self.kept(self._with(fields=names).html)))
        return found

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A form on a page that has none."""
        return (
            cls(
                content="salons-et-rendez-vous",
                recipient="bonjour@biscuiterie.examen.test",
                button="Envoyer ma demande",
                message="Merci, nous vous répondrons sous deux jours.",
                fields=(
                    FormField(label="Nom du salon", required=True),
                    FormField(label="Courriel", kind="e-mail", required=True),
                    FormField(label="Votre proposition", kind="zone de texte", required=False),
                ),
            ),
        )


def _field(label: str, required: bool) -> str:
    return f"champ « {label} »" + ", obligatoire" * required
