"""Customer service: the threads of a customer, as the back office shows them."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.prestashop.reading.answers import Script, looked_up, screen
from checks.prestashop.reading.seeded import seed
from provisioner.french.text import fold, same, same_address
from provisioner.subject.check import Site


@dataclass(frozen=True)
class Thread:
    """A thread: what the customer wrote, what he was answered since, what employees noted for each other since.

    `signature` stands ready in every answer; `signed` says that he was sent that, and nothing else.
    """

    address: str = ""
    theirs: str = ""
    ours: str = ""
    notes: str = ""
    signature: str = ""
    signed: bool = False
    status: str = "ouvert"


def threads_of(site: Site, email: str) -> list[Thread]:
    """The threads of a customer."""
    page = site.signed_in()
    listed = screen(site, "AdminCustomerThreads") + "&customer_thread_pagination=1000"
    rows: list[dict[str, str]] = looked_up(site, page, listed, _THREADS)
    mine = [row["view"] for row in rows if same_address(email, row["email"])]
    return [_thread(address, looked_up(site, page, address, _THREAD)) for address in mine]


def _thread(address: str, seen: dict[str, Any]) -> Thread:
    said: list[list[str]] = seen["said"]
    asked = [rank for rank, (whose, _) in enumerate(said) if whose == "theirs"]
    # What a colleague answered before the customer wrote again isn't an answer to that.
    since = said[asked[-1] + 1 :] if asked else said
    sent = [text for whose, text in since if whose == "ours"]
    ours = [text for text in sent if not same(seen["signature"], text)]
    return Thread(
        address,
        theirs="\n".join(said[rank][1] for rank in asked),
        ours="\n".join(ours),
        notes="\n".join(text for whose, text in since if whose == "notes"),
        signature=seen["signature"],
        signed=bool(sent) and not ours,
        status=seen["status"],
    )


def own_words(thread: Thread) -> list[str]:
    """The words of an answer that are not of the signature."""
    said, ready = (Counter(re.findall(r"\w+", fold(text))) for text in (thread.ours, thread.signature))
    return list((said - ready).elements())


def about_the_only_order(company: Path, email: str) -> bool:
    """Whether the customer has one thread and one order from the beginning, and the thread belongs to the order."""
    orders = [one["slug"] for one in seed(company)["orders"] if one["customer"] == email]
    threads = [one.get("order") for one in seed(company)["threads"] if one.get("customer") == email]
    return bool(orders) and orders == threads


_THREADS = Script[list[dict[str, str]]]("""page => [...page.querySelectorAll('table.customer_thread tbody tr')].filter(
    row => row.querySelector('a[href*=viewcustomer_thread]')).map(row => ({
        email: (/[^\\s<>]+@[^\\s<>]+/.exec(row.textContent) || [''])[0],
        view: new URL(row.querySelector('a[href*=viewcustomer_thread]').getAttribute('href'), location.origin + '/gestion/').href,
    }))""")

# The messages come in the order of their dates. The line of time has the same ones, the last first, and says to whom
# each was sent: a note was sent to nobody.
_THREAD = Script[dict[str, Any]]("""page => {
    page.querySelectorAll('.message-item-text br').forEach(line => line.replaceWith('\\n'));
    const told = [...page.querySelectorAll('.timeline-panel')].filter(one => one.querySelector('.icon-envelope')).reverse();
    const said = [...page.querySelectorAll('.message-item-text')].map((one, rank, all) => {
        const text = one.textContent.replace(/[^\\S\\n]+/g, ' ').trim(), item = one.closest('.message-item');
        const sent = told.length !== all.length || told[rank].querySelector('.badge');
        const forwarded = /^[^\\n]+ \\S+@\\S+ ?\\n\\s*Comment\\w* ?:/.test(text);
        return [!item || item.querySelector('.message-avatar .icon-user') ? 'theirs' : sent && !forwarded ? 'ours' : 'notes', text];
    });
    const offered = [...page.querySelectorAll('[name=setstatus]')].map(one => one.value);
    const lacking = [['2', 'traité'], ['3', 'en attente 1'], ['4', 'en attente 2']].find(([value]) => !offered.includes(value));
    const signature = page.querySelector('[name=reply_message]');
    return {said, signature: signature ? signature.textContent : '', status: lacking ? lacking[1] : 'ouvert'};
}""")
