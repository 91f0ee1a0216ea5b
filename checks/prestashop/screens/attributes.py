"""The screens of attributes and of features, which are made alike, and what an examiner reads there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from checks.prestashop.screens.office import LOADING, looked_up, looked_up_each, office, saving, screen
from provisioner.french.text import same
from provisioner.subject.check import Desk, Site

_PARENT = "AdminParentAttributesGroups"


@dataclass(frozen=True)
class Kind:
    """Attributes or features: their screen, their tables, and the field that a value is typed in."""

    tab: str
    table: str
    value: str
    values: str
    field: str
    new: str
    new_value: str


ATTRIBUTES = Kind(
    "AdminAttributesGroups",
    "attribute_group",
    "attribute",
    "attribute_values",
    "#name_1",
    "new_attribute_group",
    "new_value",
)
FEATURES = Kind(
    "AdminFeatures", "feature", "feature_value", "feature_value", "#value_1", "new_feature", "new_feature_value"
)


@dataclass(frozen=True)
class Held:
    """An attribute or a feature of the shop, with its values; `display` is how an attribute is chosen.

    An attribute has the name of the back office's list and a `public` one, which customers read; a feature has one.
    """

    name: str
    values: tuple[str, ...]
    display: str = ""
    public: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called."""
        return (self.name, self.public) if self.public else (self.name,)

    def __str__(self) -> str:
        return " / ".join(dict.fromkeys(self.names))


def held(site: Site, kind: Kind) -> list[Held]:
    """All of them, as the back office lists them."""
    start, page = screen(site, _PARENT, kind.tab), site.signed_in()
    rows = looked_up(site, page, f"{start}&{kind.table}_pagination=1000", _ROWS)
    one = f"{start}&id_{kind.table}="
    values = looked_up_each(
        site, page, [f"{one}{row['id']}&view{kind.table}&{kind.values}_pagination=1000" for row in rows], _ROWS
    )
    forms = looked_up_each(site, page, [f"{one}{row['id']}&update{kind.table}" for row in rows], _FORM)
    return [
        Held(row["name"], tuple(value["name"] for value in own), form["display"], form["public"])
        for row, own, form in zip(rows, values, forms, strict=True)
    ]


# --- the candidate ----------------------------------------------------------------------------


def add(desk: Desk, kind: Kind, name: str, display: str = "", save: bool = True) -> None:
    """A new one; `display` is select, radio or color."""
    page = _listed(desk, kind)
    page.locator(f"#page-header-desc-{kind.table}-{kind.new}").click()
    _fill(page, kind, name, display)
    if save:
        with saving(page):
            page.locator(f"#{kind.table}_form_submit_btn").click()


def change(desk: Desk, kind: Kind, name: str, new_name: str) -> None:
    """Another name for one that is there."""
    page = _listed(desk, kind)
    _edit(_row(page, name))
    _fill(page, kind, new_name)
    with saving(page):
        page.locator(f"#{kind.table}_form_submit_btn").click()


def add_values(desk: Desk, kind: Kind, name: str, values: Sequence[str], from_list: bool = False) -> None:
    """New values: one form after the other, or from the list of the values that are there."""
    page = _listed(desk, kind)
    if from_list:
        for value in values:
            _view(_listed(desk, kind), name)
            page.locator(f"[id^=page-header-desc-][id$=-{kind.new_value}]").first.click()
            _write_value(page, kind, name, value)
            with saving(page):
                page.locator(f"#{kind.value}_form_submit_btn").click()
        return
    page.locator(f"#page-header-desc-{kind.table}-{kind.new_value}").click()
    for index, value in enumerate(values):
        _write_value(page, kind, name, value)
        last = index == len(values) - 1
        with page.expect_navigation(timeout=LOADING):
            page.locator(f"#{kind.value}_form_submit_btn" if last else f"[name=submitAdd{kind.value}AndStay]").click()


def change_value(desk: Desk, kind: Kind, name: str, value: str, new_value: str) -> None:
    """Another wording for a value."""
    page = _listed(desk, kind)
    _view(page, name)
    _edit(_row(page, value))
    page.locator(kind.field).fill(new_value)
    with saving(page):
        page.locator(f"#{kind.value}_form_submit_btn").click()


def delete_value(desk: Desk, kind: Kind, name: str, value: str) -> None:
    """One value less."""
    page = _listed(desk, kind)
    _view(page, name)
    line = _row(page, value)
    line.locator(".dropdown-toggle").click()
    line.locator("a.delete").click()
    with page.expect_navigation(timeout=LOADING):
        page.locator(
            "#popup_ok:visible, .modal.in .btn-primary:visible, .modal.show .btn-primary:visible"
        ).first.click()


def _listed(desk: Desk, kind: Kind) -> Page:
    return office(desk, _PARENT, kind.tab)


def _fill(page: Page, kind: Kind, name: str, display: str = "") -> None:
    page.locator("#name_1").fill(name)
    if kind is ATTRIBUTES:
        page.locator("#public_name_1").fill(name)
        if display:
            page.locator("#group_type").select_option(display)


def _write_value(page: Page, kind: Kind, name: str, value: str) -> None:
    page.locator(kind.field).wait_for()
    page.locator(f"#id_{kind.table}").select_option(label=_option(page, kind, name))
    page.locator(kind.field).fill(value)


def _option(page: Page, kind: Kind, name: str) -> str:
    labels = page.locator(f"#id_{kind.table} option").all_text_contents()
    return next(label.strip() for label in labels if same(name, label))


def _row(page: Page, name: str) -> Locator:
    exact = re.compile(rf"^\s*{re.escape(name)}\s*$")
    return page.locator("tbody tr", has=page.locator("td:nth-child(3)", has_text=exact)).first


def _view(page: Page, name: str) -> None:
    _row(page, name).locator("td:nth-child(3)").click()
    page.wait_for_load_state()


def _edit(line: Locator) -> None:
    """The link of a row, behind its arrow where it isn't the first."""
    link = line.locator("a.edit")
    if not link.is_visible():
        line.locator(".dropdown-toggle").click()
    link.click()


_ROWS = """page => [...page.querySelectorAll('tbody tr')].filter(row => row.querySelector('input[name$="Box[]"]')).map(row => ({
    id: row.querySelector('input[name$="Box[]"]').value,
    name: row.children[2].textContent.trim(),
}))"""

_FORM = """page => {
    const chosen = page.querySelector('#group_type option[selected]'), shown = page.querySelector('#public_name_1');
    return {display: chosen ? chosen.value : '', public: shown ? (shown.getAttribute('value') || '').trim() : ''};
}"""
