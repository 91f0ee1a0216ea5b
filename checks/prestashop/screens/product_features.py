"""The features of a product, on its first tab."""

from checks.prestashop.screens.office import LOADING, choose
from checks.prestashop.screens.product import open_product
from provisioner.french.text import same
from provisioner.subject.check import Desk


def give_feature(desk: Desk, product: str, name: str, value: str, own: bool = False, save: bool = True) -> None:
    """A value of a feature: one of the list, or typed for this product alone (`own`)."""
    sheet = open_product(desk, product)
    page = sheet.page
    rows = page.locator("#features .product-feature")
    number = rows.count()
    page.locator("#add_feature_button").click()
    row = rows.nth(number)
    row.wait_for()
    field = f"#{row.locator('select.feature-selector').get_attribute('id')}"
    with page.expect_response(lambda answer: "feature" in answer.url and answer.ok, timeout=LOADING):
        choose(page, field, name)
    if own:
        row.locator("input[type=text]").fill(value)
    else:
        listed = row.locator("select.feature-value-selector")
        listed.locator("option", has_text=value).first.wait_for(state="attached")
        listed.select_option(label=value)
    if save:
        sheet.save()


def take_feature_off(desk: Desk, product: str, name: str) -> None:
    """The product's own row of that feature, deleted."""
    sheet = open_product(desk, product)
    rows = sheet.page.locator("#features .product-feature")
    chosen = rows.evaluate_all(
        "rows => rows.map(r => { const o = r.querySelector('select.feature-selector option:checked'); return o ? o.textContent : ''; })"
    )
    for index in reversed([i for i, seen in enumerate(chosen) if same(name, seen)]):
        rows.nth(index).locator(".delete").click()
        sheet.page.locator(".modal.show .continue").click()
        sheet.page.locator(".modal.show").wait_for(state="hidden")
    sheet.save()
