"""Customer service: an answer to a customer's message, and the messages that are written beforehand."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, Self

from playwright.sync_api import Page
from pydantic import Field, model_validator

from checks.prestashop.pages import looked_up, office, saving, screen
from provisioner.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, WantedText, finding
from provisioner.config import fact
from provisioner.text import holds, nearly_holds, quoted, same

REPLY = fact("prestashop.contenu.messages", "réponse à un message")
STATUS = fact("prestashop.contenu.messages", "statut du message")
PREDEFINED = fact("prestashop.contenu.messages-predefinis", "message prédéfini")

Status = Literal["traité", "en attente 1", "en attente 2"]
#: What the buttons of a thread send; the one of its own status is another.
_BUTTONS: dict[str, str] = {"traité": "2", "en attente 1": "3", "en attente 2": "4"}


class ThreadAnswered(Check, id="prestashop.contenu.message"):
    """Le message d’un client reçoit une réponse du service client, et la discussion a le statut demandé."""

    proves = (REPLY, STATUS)

    customer: Annotated[str, Refers("customers.email", "threads.email")] = Field(
        min_length=1, description="L’adresse électronique du client qui a écrit."
    )
    about: str = Field("", description="Des mots de son message, s’il en a écrit plusieurs.")
    elements: tuple[WantedText, ...] = Field((), description="Ce que la réponse doit contenir, mot pour mot.")
    answered: bool = Field(True, description="Une réponse est demandée.")
    status: Status | None = Field(None, description="Le statut que la discussion doit avoir ; absent si non demandé.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.answered and (self.status is None or self.elements):
            raise ValueError("demandez une réponse (answered), ou un statut (status) sans elements")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        return (*((REPLY,) if self.answered else ()), *((STATUS,) if self.status else ()))

    def verify(self, site: Site) -> list[Finding]:
        """The threads of that customer in customer service: who wrote what in them, and how they stand."""
        rows: list[dict[str, str]] = looked_up(site, site.signed_in(), screen(site, "AdminCustomerThreads"), _THREADS)
        threads = []
        for row in rows:
            if same(self.customer, row["email"]):
                seen = looked_up(site, site.signed_in(), row["view"], _THREAD)
                if not self.about or holds(seen["theirs"], self.about):
                    threads.append((row["view"], seen["ours"], seen["status"]))
        expected = {
            REPLY: f"Le service client a répondu à {self.customer}"
            + (f" ; la réponse contient {quoted(self.elements)}." if self.elements else "."),
            STATUS: f"La discussion est au statut « {self.status} ».",
        }
        page = site.signed_in()
        if not threads:
            page.goto(screen(site, "AdminCustomerThreads"))
            shot = site.shot("le service client", page)
            why = "La boutique n’a plus de message de ce client."
            return [Finding(one, Verdict.NOT_MET, expected[one], why, (shot,)) for one in self.facts()]
        address, answer, status = max(
            threads,
            key=lambda one: ((not self.answered or self._reply(one[1])[0] is Verdict.MET), one[2] == self.status),
        )
        page.goto(address)
        shot = site.shot("la discussion", page)
        reply, observed = self._reply(answer)
        results = {
            REPLY: (reply, observed),
            STATUS: (
                Verdict.MET if status == self.status else Verdict.NOT_MET,
                f"La discussion est au statut « {status} ».",
            ),
        }
        return [Finding(one, results[one][0], expected[one], results[one][1], (shot,)) for one in self.facts()]

    def _reply(self, answer: str) -> tuple[Verdict, str]:
        if not answer:
            return Verdict.NOT_MET, "Aucune réponse n’est enregistrée dans cette discussion."
        missing = [one for one in self.elements if not holds(answer, one)]
        if not missing:
            return Verdict.MET, f"La réponse dit : « {' '.join(answer.split())[:300]} »."
        doubtful = all(nearly_holds(answer, one) for one in missing)
        return Verdict.TO_JUDGE if doubtful else Verdict.NOT_MET, f"Il manque à la réponse {quoted(missing)}."

    def ways(self) -> Sequence[Act]:
        """The thread's own page; an answer that is sent closes it."""

        def alone(desk: Desk) -> None:
            self._open(desk)
            if self.answered:
                _reply(desk, self._text())
            if self.status:
                _mark(desk, self.status)

        return (Act("SAV : la discussion du client", alone),)

    def near_misses(self) -> Sequence[NearMiss]:
        """The neighbour's thread, an element left out, a note to a colleague; another status."""

        def in_thread(act: Callable[[Desk], None], neighbour: bool = False) -> Callable[[Desk], None]:
            def run(desk: Desk) -> None:
                self._open(desk, neighbour)
                act(desk)

            return run

        misses = []
        if self.answered:
            misses += [
                NearMiss(
                    "réponse dans la discussion d’un autre client",
                    REPLY,
                    in_thread(lambda desk: _reply(desk, self._text()), neighbour=True),
                ),
                NearMiss("réponse écrite, non envoyée", REPLY, in_thread(lambda desk: _write(desk.page, self._text()))),
            ]
            if self.elements:
                short = self.but(elements=self.elements[:-1])
                misses.append(NearMiss("un élément oublié", REPLY, in_thread(lambda desk: _reply(desk, short._text()))))
        if self.status:
            other: Status = "en attente 1" if self.status == "traité" else "traité"
            misses += [
                NearMiss("un autre statut", STATUS, in_thread(lambda desk: _mark(desk, other))),
                NearMiss(
                    "statut de la discussion d’un autre",
                    STATUS,
                    in_thread(lambda desk: _mark(desk, self.status or "traité"), neighbour=True),
                ),
            ]
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A question on an allergy; and one that is left for later."""
        return (
            cls(customer="paul.kerdraon@courriel.test", elements=("sans sésame",), status="traité"),
            cls(customer="ines.moreau@courriel.test", answered=False, status="en attente 1"),
        )

    def _text(self) -> str:
        said = ", ".join(self.elements)
        return f"Bonjour, merci de votre message. {said} : c’est noté. Le service client"

    def _open(self, desk: Desk, neighbour: bool = False) -> None:
        page = office(desk, "AdminCustomerThreads")
        rows = page.locator("table.customer_thread tbody tr")
        read: list[list[str]] = rows.evaluate_all(
            "all => all.map(row => [row.innerText, row.querySelector('a[href*=viewcustomer_thread]').href])"
        )
        page.goto(next(address for text, address in read if (self.customer in text) != neighbour))


class PredefinedMessage(Check, id="prestashop.contenu.predefined_message"):
    """Un message prédéfini existe, et se choisit dans une commande."""

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
        named = [address for name, address in rows if same(self.name, name)]
        texts = [looked_up(site, site.signed_in(), site.address + one, _MESSAGE) for one in named]
        page = site.signed_in()
        page.goto(screen(site, "AdminOrderMessage"))
        shot = site.shot("les messages prédéfinis", page)
        expected = f"Le message prédéfini « {self.name} » contient {quoted(self.elements)}."
        if not texts:
            names = quoted(name for name, _ in rows)
            return [finding(PREDEFINED, False, expected, f"Il y a {names}." if rows else "Il n’y en a aucun.", shot)]
        text = max(texts, key=lambda one: sum(holds(one, e) for e in self.elements))
        missing = [one for one in self.elements if not holds(text, one)]
        doubtful = bool(missing) and all(nearly_holds(text, one) for one in missing)
        verdict = Verdict.MET if not missing else Verdict.TO_JUDGE if doubtful else Verdict.NOT_MET
        observed = f"Il dit : « {text[:300]} »." if not missing else f"Il y manque {quoted(missing)}."
        return [Finding(PREDEFINED, verdict, expected, observed, (shot,))]

    def ways(self) -> Sequence[Act]:
        """A message that is added, or one that is written over."""
        return (
            Act("message ajouté", lambda desk: self._write(desk)),
            Act("message existant modifié", lambda desk: self._write(desk, over=True)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Another name, an element left out, not saved."""

        def made(**how: Any) -> Callable[[Desk], None]:
            return lambda desk: self._write(desk, **how)

        return (
            NearMiss("un autre nom", PREDEFINED, lambda desk: self.but(name="Message au client")._write(desk)),
            NearMiss("un élément oublié", PREDEFINED, made(fewer=True)),
            NearMiss("écrit sans enregistrer", PREDEFINED, made(save=False)),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """What is sent when a payment has come."""
        return (cls(name="Confirmation du paiement", elements=("votre paiement est arrivé", "sous 48 heures")),)

    def _write(self, desk: Desk, over: bool = False, fewer: bool = False, save: bool = True) -> None:
        page = office(desk, "AdminOrderMessage")
        if over:
            page.locator("#order_message_grid_table a[href*='/edit']").first.click()
        else:
            page.locator("#page-header-desc-configuration-add").click()
        page.locator("#order_message_name_1").fill(self.name)
        said = ", ".join(self.elements[:-1] if fewer else self.elements)
        page.locator("#order_message_message_1").fill(f"Bonjour, {said}. La Biscuiterie des Trois Ajoncs")
        if save:
            with saving(page):
                page.locator("form[name=order_message] .card-footer button.btn-primary").click()


def _write(page: Page, text: str) -> None:
    page.locator("textarea[name=reply_message]").fill(text)


def _reply(desk: Desk, text: str) -> None:
    _write(desk.page, text)
    with desk.page.expect_navigation():
        desk.page.locator("button[name=submitReply]").click()


def _mark(desk: Desk, status: str) -> None:
    button = desk.page.locator(f"button[name=setstatus][value='{_BUTTONS[status]}']")
    if button.count():
        with desk.page.expect_navigation():
            button.click()


_THREADS = """page => [...page.querySelectorAll('table.customer_thread tbody tr')].filter(
    row => row.querySelector('a[href*=viewcustomer_thread]')).map(row => ({
        email: (/[^\\s<>]+@[^\\s<>]+/.exec(row.textContent) || [''])[0],
        view: new URL(row.querySelector('a[href*=viewcustomer_thread]').getAttribute('href'), location.origin + '/gestion/').href,
    }))"""

_THREAD = """page => {
    page.querySelectorAll('.message-item-text br').forEach(line => line.replaceWith('\\n'));
    const said = [...page.querySelectorAll('.message-item-text')].map(one => [
        Boolean(one.closest('.message-item')) && !one.closest('.message-item').querySelector('.message-avatar .icon-user'),
        one.textContent.replace(/[^\\S\\n]+/g, ' ').trim()]);
    const offered = [...page.querySelectorAll('[name=setstatus]')].map(one => one.value);
    const lacking = [['2', 'traité'], ['3', 'en attente 1'], ['4', 'en attente 2']].find(([value]) => !offered.includes(value));
    return {ours: said.filter(([ours]) => ours).map(([, text]) => text).join('\\n'),
            theirs: said.filter(([ours]) => !ours).map(([, text]) => text).join('\\n'), status: lacking ? lacking[1] : 'ouvert'};
}"""

_MESSAGES = """page => [...page.querySelectorAll('#order_message_grid_table tbody tr')].filter(row => row.querySelector('a[href*="/edit"]')).map(
    row => [row.querySelector('.column-name').textContent.trim(), row.querySelector('a[href*="/edit"]').getAttribute('href')])"""

_MESSAGE = "page => page.querySelector('#order_message_message_1').textContent"
