"""Customer service: the pages on which customers' messages are answered."""

from playwright.sync_api import Page

from checks.prestashop.screens import orders as order_screens
from checks.prestashop.screens.office import office, saving
from provisioner.subject.check import Desk

#: What the buttons of a thread send; the one of its own status is another.
_BUTTONS: dict[str, str] = {"traité": "2", "en attente 1": "3", "en attente 2": "4"}


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
