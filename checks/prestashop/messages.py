"""Customer service: an answer to a customer's message, and the messages that are written beforehand."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Literal, Self

from playwright.sync_api import Page
from pydantic import Field, model_validator

from checks.prestashop.reading import customer_threads
from checks.prestashop.reading.answers import Script, looked_up, looked_up_each, open_screen, screen
from checks.prestashop.reading.customer_threads import Thread, own_words, threads_of
from checks.prestashop.reading.product_verdicts import RANKS, likeness, worst
from checks.prestashop.reading.seeded import gone
from checks.prestashop.reading.wording import wording
from checks.prestashop.screens import threads as screens
from checks.prestashop.screens.office import LOADING, office, saving
from provisioner.french.text import holds, nearly_holds, nearly_same, quoted, shortened
from provisioner.subject.check import (
    Act,
    Check,
    Desk,
    Finding,
    NearMiss,
    Refers,
    Road,
    Site,
    Verdict,
    WantedText,
    finding,
)
from provisioner.subject.functionalities import fact

REPLY = fact("prestashop.contenu.messages", "réponse à un message")
STATUS = fact("prestashop.contenu.messages", "statut du message")
PREDEFINED = fact("prestashop.contenu.messages-predefinis", "message prédéfini")

#: With fewer words of its own, an answer may be no more than the customer's name after the greeting.
_ANSWERS = 2

Status = Literal["traité", "en attente 1", "en attente 2"]


class ThreadAnswered(Check, id="prestashop.contenu.message"):
    """Le message d’un client reçoit une réponse du service client, et la discussion a le statut demandé."""

    proves = (REPLY, STATUS)

    customer: Annotated[str, Refers("customers.email", "threads.email")] = Field(
        min_length=1, description="L’adresse électronique du client qui a écrit."
    )
    about: str = Field("", description="Des mots de son message, s’il en a écrit plusieurs.")
    elements: tuple[WantedText, ...] = Field((), description="Ce que la réponse doit contenir, mot pour mot.")
    forbidden: tuple[WantedText, ...] = Field(
        (), description="Ce que la réponse ne doit pas dire, mot pour mot : où ces mots y sont, c’est à apprécier."
    )
    answered: bool = Field(True, description="Une réponse est demandée.")
    status: Status | None = Field(None, description="Le statut que la discussion doit avoir ; absent si non demandé.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.answered and (self.status is None or self.elements or self.forbidden):
            raise ValueError("demandez une réponse (answered), ou un statut (status) sans elements ni forbidden")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        return (*((REPLY,) if self.answered else ()), *((STATUS,) if self.status else ()))

    def verify(self, site: Site) -> list[Finding]:
        """The threads of that customer in customer service: who wrote what in them, and how they stand."""
        mine = threads_of(site, self.customer)
        threads = [one for one in mine if one.theirs and (not self.about or holds(one.theirs, self.about))]
        expected = {
            REPLY: f"Le service client a répondu à {self.customer}"
            + (f" ; la réponse dit {quoted(self.elements)}" if self.elements else "")
            + (
                f" ; {'elle' if self.elements else 'la réponse'} ne dit pas {quoted(self.forbidden)}."
                if self.forbidden
                else "."
            ),
            STATUS: f"La discussion avec {self.customer} est au statut « {self.status} ».",
        }
        # Written on the page of an order that no message is about, an answer opens a thread of its own.
        aside = [one for one in mine if not one.theirs and self._reply(one)[0] is not Verdict.NOT_MET]
        if not threads and not aside:
            shot = site.shot("le service client", open_screen(site, screen(site, "AdminCustomerThreads")))
            why = f"La boutique n’a plus de message du client {self.customer}."
            if any(one.theirs for one in mine):
                why = f"Aucun message du client {self.customer} ne contient « {self.about} »."
            return [Finding(one, Verdict.NOT_MET, expected[one], why, (shot,)) for one in self.facts()]
        thread = max(
            threads or aside,
            key=lambda one: (self.answered and RANKS.index(self._reply(one)[0]), one.status == self.status),
        )
        shot = site.shot("la discussion", open_screen(site, thread.address))
        reply, observed = self._reply(thread)
        if aside and not (thread.theirs and reply is Verdict.MET):
            reply, observed = Verdict.TO_JUDGE, f"{self._reply(aside[0])[1]} Cette réponse ouvre une discussion à part."
        results = {
            REPLY: (reply, observed),
            STATUS: (
                Verdict.MET if thread.status == self.status else Verdict.NOT_MET,
                f"La discussion est au statut « {thread.status} ».",
            ),
        }
        return [Finding(one, results[one][0], expected[one], results[one][1], (shot,)) for one in self.facts()]

    def _reply(self, thread: Thread) -> tuple[Verdict, str]:
        answer = thread.ours
        if thread.signed:
            return Verdict.NOT_MET, "La réponse n’est que la signature du service client, telle qu’elle est préparée."
        if not answer:
            why = "Aucune réponse n’est enregistrée après le dernier message du client"
            return Verdict.NOT_MET, why + (
                " : ce qui est écrit à sa suite est une note interne, que le client ne voit pas."
                if thread.notes
                else "."
            )
        if not self.elements and len(own_words(thread)) < _ANSWERS:
            return Verdict.TO_JUDGE, f"À lire, la réponse ne dit presque rien : « {shortened(answer)} »."
        said = wording(answer, self.elements, self.forbidden)
        if said.missing:
            lacking = f"Il manque à la réponse {quoted(said.missing)} ; elle dit : « {shortened(answer)} »."
            return said.verdict, lacking + said.remark_beside(answer)
        return said.verdict, f"La réponse dit : « {shortened(answer)} ».{said.remark_beside(answer)}"

    def ways(self) -> Sequence[Act]:
        """The thread's own page, where an answer that is sent closes it; the page of the order that it is about."""

        def in_thread(desk: Desk) -> None:
            page = screens.open_thread(desk, self.customer)
            if self.answered:
                screens.reply(page, self._text())
            if self.status:
                screens.mark(page, self.status)

        def on_order(desk: Desk) -> None:
            screens.write_on_order(desk, self.customer, self._text())
            if self.status:
                screens.mark(screens.open_thread(desk, self.customer), self.status)

        ways = [Act("SAV : la discussion du client", in_thread)]
        if self.answered and customer_threads.about_the_only_order(self.company, self.customer):
            ways.append(Act("page de la commande, message affiché au client", on_order))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """The neighbour's thread, the signature alone, an element left out, a note to a colleague; another status."""

        def in_thread(act: Callable[[Page], None], neighbour: bool = False) -> Callable[[Desk], None]:
            return lambda desk: act(screens.open_thread(desk, self.customer, neighbour))

        misses = []
        if self.answered:
            misses += [
                NearMiss(
                    "réponse dans la discussion d’un autre client",
                    REPLY,
                    in_thread(lambda page: screens.reply(page, self._text()), neighbour=True),
                ),
                NearMiss(
                    "réponse écrite, non envoyée", REPLY, in_thread(lambda page: screens.write(page, self._text()))
                ),
                NearMiss("signature préparée, envoyée seule", REPLY, in_thread(screens.send)),
                NearMiss(
                    "transférée à un collègue", REPLY, in_thread(lambda page: screens.forward(page, self._text()))
                ),
            ]
            if customer_threads.about_the_only_order(self.company, self.customer):
                misses.append(
                    NearMiss(
                        "note sur la commande, non affichée au client",
                        REPLY,
                        lambda desk: screens.write_on_order(desk, self.customer, self._text(), shown=False),
                    )
                )
            if self.elements:
                short = self.but(elements=self.elements[:-1])
                misses.append(
                    NearMiss("un élément oublié", REPLY, in_thread(lambda page: screens.reply(page, short._text())))
                )
        if self.status:
            other: Status = "en attente 1" if self.status == "traité" else "traité"
            misses += [
                NearMiss("un autre statut", STATUS, in_thread(lambda page: screens.mark(page, other))),
                NearMiss(
                    "statut de la discussion d’un autre",
                    STATUS,
                    in_thread(lambda page: screens.mark(page, self.status or "traité"), neighbour=True),
                ),
            ]
        return misses

    def roads(self) -> Sequence[Road]:
        """The words that are asked for, in a sentence that may deny them; in a reply that only repeats the question."""
        if not self.elements:
            return ()

        def replied(text: str) -> Callable[[Desk], None]:
            return lambda desk: screens.reply(screens.open_thread(desk, self.customer), text)

        words = ", ".join(self.elements)
        roads = [
            Road("les mots demandés, niés", REPLY, replied(f"Bonjour, nous ne pouvons pas vous promettre : {words}.")),
            Road("les mots de la question, répétés", REPLY, replied(f"Bonjour, vous demandez : {words}. C’est noté.")),
        ]
        if self.forbidden:
            more = f"{self._text()} Vous aurez droit à : {', '.join(self.forbidden)}."
            roads.append(Road("avec ce qu’elle ne doit pas dire", REPLY, replied(more)))
        return roads

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A question on an allergy; one on an order, answered; one left for later; one after a colleague's answer."""
        return (
            cls(customer="paul.kerdraon@courriel.test", elements=("sans sésame",), status="traité"),
            cls(customer="gabriel.noel@courriel.test", elements=("un autre relais",), forbidden=("remboursement",)),
            cls(customer="ines.moreau@courriel.test", answered=False, status="en attente 1"),
            cls(customer="cse@conserverie-ar-mor-glaz.test"),
        )

    def _text(self) -> str:
        said = ", ".join(self.elements) or "Votre demande"
        return f"Bonjour, merci de votre message. {said} : c’est noté. Le service client"


class PredefinedMessage(Check, id="prestashop.contenu.predefined_message"):
    """Un message prédéfini existe, et se choisit dans une commande.

    Écrit à la place d’un message de l’entreprise, il est à apprécier.
    """

    proves = (PREDEFINED,)

    name: WantedText = Field(description="Le nom du message.")
    elements: tuple[WantedText, ...] = Field(min_length=1, description="Ce qu’il doit contenir, mot pour mot.")

    def makes(self) -> Sequence[str]:
        """The message."""
        return (self.name,)

    def verify(self, site: Site) -> list[Finding]:
        """The message's own page, in the list of them."""
        search = "&order_message[offset]=0&order_message[limit]=100&order_message[filters][name]="
        rows: list[list[str]] = looked_up(site, site.signed_in(), screen(site, "AdminOrderMessage") + search, _MESSAGES)
        near = [(name, address) for name, address in rows if likeness(self.name, [name]) is not Verdict.NOT_MET]
        texts = looked_up_each(site, site.signed_in(), [site.address + address for _, address in near], _MESSAGE)
        written = [(name, text) for (name, _), text in zip(near, texts, strict=True)]
        shot = site.shot(
            "les messages prédéfinis",
            open_screen(site, screen(site, "AdminOrderMessage")),
            mark=site.signed_in().locator("table tbody tr").filter(has_text=self.name),
        )
        expected = f"Le message prédéfini « {self.name} » contient {quoted(self.elements)}."
        if not written:
            names = quoted(name for name, _ in rows)
            why = f"Aucun message prédéfini ne s’appelle « {self.name} »" + (f" ; il y a {names}." if rows else ".")
            return [finding(PREDEFINED, False, expected, why, shot)]
        # Of namesakes, the one that is the most of what is asked: a candidate may have left a first try.
        name, text = max(
            written, key=lambda one: (RANKS.index(self.judged(*one)), -len(wording(one[1], self.elements).missing))
        )
        said = wording(text, self.elements)
        observed = f"Le message « {name} » dit : « {shortened(text)} »."
        observed += f" Il y manque {quoted(said.missing)}." if said.missing else ""
        observed += said.remark_beside(text)
        verdict = self.judged(name, text)
        if verdict is Verdict.MET and (lost := gone(self.company, "order_messages", [one for one, _ in rows])):
            verdict, observed = Verdict.TO_JUDGE, f"{observed} À lire : la boutique n’a plus {_messages(lost)}."
        return [Finding(PREDEFINED, verdict, expected, observed, (shot,))]

    def judged(self, name: str, text: str) -> Verdict:
        """Whether a message of this name and text is the one that is asked; a slip of the pen is for a person."""
        return worst([likeness(self.name, [name]), wording(text, self.elements).verdict])

    def ways(self) -> Sequence[Act]:
        """A message that is added."""
        return (Act("message ajouté", lambda desk: self._write(desk, self.elements)),)

    def near_misses(self) -> Sequence[NearMiss]:
        """Another name, an element left out, and a slip of the pen in another, not saved."""
        first, *others = self.elements
        misses = [
            NearMiss(
                "un autre nom", PREDEFINED, lambda desk: self.but(name="Message au client")._write(desk, self.elements)
            ),
            NearMiss("un élément oublié", PREDEFINED, partial(self._write, elements=self.elements[:-1])),
            NearMiss("écrit sans enregistrer", PREDEFINED, partial(self._write, elements=self.elements, save=False)),
        ]
        if others and nearly_holds(slip := f"{first[:-1]}{first[-2:]}", first):
            run = partial(self._write, elements=(slip, *others[:-1]))
            misses.append(NearMiss("une faute dans un élément, un autre oublié", PREDEFINED, run))
        return misses

    def roads(self) -> Sequence[Road]:
        """Denied words; over a message of the company; after a first try; a slip of the pen in the name."""
        slip = f"{self.name}s"

        def after_a_first_try(desk: Desk) -> None:
            self.but(name=slip)._write(desk, self.elements[:-1])
            self._write(desk, self.elements)

        def over_another(desk: Desk) -> None:
            page = office(desk, "AdminOrderMessage")
            row = page.locator("#order_message_grid_table tbody tr").first
            page.goto(str(row.locator("a[href*='/edit']").first.evaluate("a => a.href")), timeout=LOADING)
            self._fill(page, self.elements)

        roads = [
            Road(
                "les mots demandés, niés",
                PREDEFINED,
                partial(self._write, elements=self.elements, opening="Bonjour, ce n’est pas vrai :"),
            ),
            Road("écrit à la place d’un message de l’entreprise", PREDEFINED, over_another),
        ]
        if nearly_same(self.name, slip):  # a letter more is another name where it has three of them
            wrong = self.but(name=slip)
            roads += [
                Road("une faute dans le nom", PREDEFINED, lambda desk: wrong._write(desk, wrong.elements)),
                Road("écrit de nouveau après un premier essai", PREDEFINED, after_a_first_try, Verdict.MET),
            ]
        return roads

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """What is sent when a payment has come."""
        return (cls(name="Confirmation du paiement", elements=("votre paiement est arrivé", "sous 48 heures")),)

    def _write(self, desk: Desk, elements: Sequence[str], save: bool = True, opening: str = "Bonjour,") -> None:
        page = office(desk, "AdminOrderMessage")
        page.locator("#page-header-desc-configuration-add").click()
        self._fill(page, elements, save, opening)

    def _fill(self, page: Page, elements: Sequence[str], save: bool = True, opening: str = "Bonjour,") -> None:
        page.locator("#order_message_name_1").fill(self.name)
        text = f"{opening} {', '.join(elements)}. L’équipe de la boutique"
        page.locator("#order_message_message_1").fill(text)
        if save:
            with saving(page):
                page.locator("form[name=order_message] .card-footer button.btn-primary").click()


def _messages(names: Sequence[str]) -> str:
    """« le message « A » », « les messages « A », « B » »."""
    return f"{'les messages' if names[1:] else 'le message'} {quoted(names)}"


_MESSAGES = Script[list[list[str]]]("""page => [...page.querySelectorAll('#order_message_grid_table tbody tr')].filter(row => row.querySelector('a[href*="/edit"]')).map(
    row => [row.querySelector('.column-name').textContent.trim(), row.querySelector('a[href*="/edit"]').getAttribute('href')])
""")

_MESSAGE = Script[str]("page => page.querySelector('#order_message_message_1').textContent")
