"""Customer service: the threads of a customer, for an examiner; the pages on which they are answered."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from checks.prestashop.reading.seeded import seed
from checks.prestashop.screens import orders as order_screens
from checks.prestashop.screens.office import looked_up, office, saving, screen
from provisioner.french.text import fold, same, same_address
from provisioner.subject.check import Desk, Site

#: What the buttons of a thread send; the one of its own status is another.
_BUTTONS: dict[str, str] = {"traité": "2", "en attente 1": "3", "en attente 2": "4"}


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


def about_the_only_order(email: str) -> bool:
    """Whether the customer has one thread and one order from the beginning, and the thread belongs to the order."""
    orders = [one["slug"] for one in seed()["orders"] if one["customer"] == email]
    threads = [one.get("order") for one in seed()["threads"] if one.get("customer") == email]
    return bool(orders) and orders == threads


def open_thread(desk: Desk, email: str, neighbour: bool = False) -> Page:
    """The thread of the customer, or of another."""
    page = office(desk, "AdminCustomerThreads")
    rows = page.locator("table.customer_thread tbody tr")
    read: list[list[str]] = rows.evaluate_all(
        "all => all.map(row => [row.innerText, row.querySelector('a[href*=viewcustomer_thread]').href])"
    )
    page.goto(next(address for text, address in read if (email in text) != neighbour))
    return page


def write(page: Page, text: str) -> None:
    """Write an answer in the thread that is open."""
    page.locator("textarea[name=reply_message]").fill(text)


def reply(page: Page, text: str) -> None:
    """Write it and send it."""
    write(page, text)
    send(page)


def send(page: Page) -> None:
    """Send what the field for the answer holds: at first, the signature."""
    with page.expect_navigation():
        page.locator("button[name=submitReply]").click()


def forward(page: Page, text: str) -> None:
    """Forward the thread to another employee, with a comment."""
    page.locator("button[data-target='#myModal']").click()
    page.locator("select[name=id_employee_forward]").select_option(index=1)
    page.locator("textarea[name=message_forward]").fill(text)
    with page.expect_navigation():
        page.locator("button[name=submitForward]").click()


def mark(page: Page, status: str) -> None:
    """Give the thread a status, unless it has it."""
    button = page.locator(f"button[name=setstatus][value='{_BUTTONS[status]}']")
    if button.count():
        with page.expect_navigation():
            button.click()


def write_on_order(desk: Desk, email: str, text: str, shown: bool = True) -> None:
    """Write to the customer on the page of his order; unless `shown` to him, it is a note."""
    page = order_screens.open_order(desk, email)
    page.locator("#order_message_message").fill(text)
    if shown:
        page.locator("label:has(#order_message_is_displayed_to_customer)").click()
    with saving(page):
        page.locator("form[name=order_message] button[type=submit]").click()


_THREADS = """page => [...page.querySelectorAll('table.customer_thread tbody tr')].filter(
    row => row.querySelector('a[href*=viewcustomer_thread]')).map(row => ({
        email: (/[^\\s<>]+@[^\\s<>]+/.exec(row.textContent) || [''])[0],
        view: new URL(row.querySelector('a[href*=viewcustomer_thread]').getAttribute('href'), location.origin + '/gestion/').href,
    }))"""

# The messages come in the order of their dates. The line of time has the same ones, the last first, and says to whom
# each was sent: a note was sent to nobody.
_THREAD = """page => {
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
}"""
