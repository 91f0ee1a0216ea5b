"""The forms of a customer's sheet and of his postal address."""

from dataclasses import dataclass
from datetime import date

from playwright.sync_api import FrameLocator, Page

from checks.prestashop.screens.office import office, saving
from provisioner.french.text import same, same_address
from provisioner.subject.check import Desk

#: The numbers of the titles, the same in every language of the shop.
TITLES = {"M.": "1", "Mme": "2"}


@dataclass(frozen=True)
class Typed:
    """What is typed on a customer's sheet; `customer` is whose it is, "" for a new one."""

    customer: str = ""
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    birthday: date | None = None
    group: str = ""
    address: tuple[str, ...] = ()
    phone: str = ""

    @property
    def on_sheet(self) -> bool:
        """Whether anything of it stands on the sheet itself."""
        return bool(self.email or self.first_name or self.last_name or self.group or self.title or self.birthday)

    @property
    def on_address(self) -> bool:
        """Whether anything of it stands on his address."""
        return bool(self.address or self.phone)


def fill_sheet(
    desk: Desk,
    typed: Typed,
    *,
    neighbour: bool = False,
    save: bool = True,
    other_group: bool = False,
    default: bool = True,
    in_order: bool = False,
) -> None:
    """The sheet of the customer, or of another; a new one, also from a new order."""
    page = office(desk, "AdminOrders" if in_order else "AdminCustomers")
    form: Page | FrameLocator = page
    if typed.customer:
        page.goto(sheet_address(page, typed.customer, neighbour))
    else:
        page.locator("#page-header-desc-configuration-add").click()
    if in_order:
        page.locator("#customer-add-btn").click()
        form = page.frame_locator("iframe.fancybox-iframe")
    _type_person(form, typed)
    if not typed.customer:
        form.locator("#customer_password").fill("Sarrasin-2024!")
    if typed.group:
        _tick_group(form, typed.group, other_group, default)
    if in_order:
        form.locator("form[name=customer] .card-footer button.btn-primary").click()
        page.locator("iframe.fancybox-iframe").wait_for(state="detached")
    elif save:
        with saving(page):
            form.locator("form[name=customer] .card-footer button.btn-primary").click()


def _type_person(form: Page | FrameLocator, typed: Typed) -> None:
    for field, value in (("first_name", typed.first_name), ("last_name", typed.last_name), ("email", typed.email)):
        if value:
            form.locator(f"#customer_{field}").fill(value)
    if typed.title:
        # The button is drawn beside its field, which has no size of its own.
        box = form.locator(f"input[name='customer[gender_id]'][value='{TITLES[typed.title]}']")
        box.evaluate("field => field.click()")
    if typed.birthday:
        for part in ("year", "month", "day"):
            form.locator(f"#customer_birthday_{part}").select_option(str(getattr(typed.birthday, part)))


def _tick_group(form: Page | FrameLocator, group: str, other_group: bool, default: bool) -> None:
    """Tick the group on the form, or another; make it the default one too, where that is meant."""
    boxes = form.locator("label:has(input[name='customer[group_ids][]'])")
    texts = [text.strip() for text in boxes.all_inner_texts()]
    # The last of the list is a group of the company's, the first are the shop's own.
    index = next(i for i in reversed(range(len(texts))) if same(group, texts[i]) != other_group)
    if not boxes.nth(index).locator("input").is_checked():
        boxes.nth(index).click()
    if default:
        form.locator("#customer_default_group_id").select_option(label=texts[index])


def add_address(desk: Desk, typed: Typed, email: str, neighbour: bool = False, by_sheet: bool = False) -> None:
    """A new address: on its screen, which wants the customer's e-mail address, or by his sheet, which knows it."""
    page = office(desk, "AdminCustomers")
    if neighbour:
        emails = [text.strip() for text in page.locator("td.column-email").all_inner_texts()]
        email = next(one for one in emails if not same_address(one, email))
    if by_sheet:
        page.goto(sheet_address(page, email, False).replace("/edit?", "/view?"))
        page.goto(str(page.locator("a[href*='/addresses/new']").first.evaluate("a => a.href")))
    else:
        page = office(desk, "AdminAddresses")
        page.locator("#page-header-desc-configuration-add").click()
        page.locator("#customer_address_customer_email").fill(email)
    fields = {"alias": "Domicile", "first_name": typed.first_name, "last_name": typed.last_name}
    fields |= dict(zip(("address1", "postcode", "city"), typed.address, strict=True))
    fields |= {"phone": typed.phone} if typed.phone else {}
    _write_address(page, fields)


def change_address(
    desk: Desk,
    typed: Typed,
    *,
    neighbour: bool = False,
    save: bool = True,
    at_once: bool = False,
    complement: bool = False,
    above: str = "",
) -> None:
    """The customer's address, by his sheet; `at_once` types all of it as its street, above another town.

    With `complement` the street is typed below the old one, with `above` below these words.
    """
    page = office(desk, "AdminCustomers")
    page.goto(sheet_address(page, typed.customer, neighbour).replace("/edit?", "/view?"))
    page.goto(str(page.locator("a[href*='/addresses/'][href*='/edit']").first.evaluate("a => a.href")))
    fields = {"phone": typed.phone} if typed.phone else {}
    if typed.address:
        other = ("44000", "Nantes") if typed.address[1] != "44000" else ("29000", "Quimper")
        parts = (" ".join(typed.address), *other) if at_once else typed.address
        street = "address2" if complement or above else "address1"
        fields |= dict(zip((street, "postcode", "city"), parts, strict=True))
    fields |= {"address1": above} if above else {}
    _write_address(page, fields, save)


def _write_address(page: Page, fields: dict[str, str], save: bool = True) -> None:
    for field, value in fields.items():
        page.locator(f"#customer_address_{field}").fill(value)
    if save:
        with page.expect_navigation():
            page.locator("form[name=customer_address] .card-footer button.btn-primary").click()


def sheet_address(page: Page, email: str, neighbour: bool = False) -> str:
    """Where the list of customers leads to the sheet of this one, or of another."""
    rows = page.locator("table tbody tr:has(td.column-email)")
    texts = [text.strip() for text in rows.locator("td.column-email").all_inner_texts()]
    index = next(i for i, text in enumerate(texts) if same_address(text, email) != neighbour)
    return str(rows.nth(index).locator("a[href*='/edit']").first.evaluate("a => a.href"))
