"""The product page of the back office, tab by tab, and the lists that change a product too."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from checks.prestashop.reading import variant_values
from checks.prestashop.reading.answers import expect_healthy
from checks.prestashop.reading.money import Taxes, typed
from checks.prestashop.reading.seeded import plain_product
from checks.prestashop.reading.variant_values import Grid, Pairs
from checks.prestashop.reading.variant_verdicts import VariantLike
from checks.prestashop.screens import product_variants
from checks.prestashop.screens.office import LOADING, choose, office, type_over
from checks.prestashop.screens.product_lists import row
from checks.prestashop.screens.product_variants import VariantRow
from provisioner.french.text import fold, same
from provisioner.subject.check import Desk


def open_product(desk: Desk, name: str) -> "ProductPage":
    """The product page, by its row in the catalogue."""
    page = office(desk, "AdminProducts")
    row(page, name).locator("a.product-edit").first.click()
    return _shown(page)


def new_product(desk: Desk, name: str) -> "ProductPage":
    """The page of a product that isn't there yet."""
    page = office(desk, "AdminProducts")
    page.locator("#page-header-desc-configuration-add").first.click()
    return _shown(page, name)


def copy_of_product(desk: Desk, name: str) -> "ProductPage":
    """The page of a copy of another product, which the list of its row makes."""
    page = office(desk, "AdminProducts")
    original = row(page, plain_product(desk.company))
    original.locator(".dropdown-toggle").click()
    original.locator("a[onclick*=\"'duplicate'\"]").click()
    return _shown(page, name)


def _shown(page: Page, name: str = "") -> "ProductPage":
    page.locator("#form_step1_name_1").wait_for(timeout=LOADING)
    page.wait_for_load_state("load")
    if name:
        page.locator("#form_step1_name_1").fill(name)
    expect_healthy(page)
    return ProductPage(page)


class ProductPage:
    """The product page that is open. Nothing is kept before `save`."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tab(self, number: int) -> None:
        """Essential 1, pricing 2, quantities or variants 3, shipping 4, SEO 5, options 6."""
        self.page.locator(f"#tab_step{number} a").click()
        self.page.locator(f"#step{number}").wait_for()

    def rename(self, name: str) -> None:
        """Its name."""
        self.page.locator("#form_step1_name_1").fill(name)

    def write(self, which: str, text: str) -> None:
        """Its summary ("description_short") or description."""
        self.page.frame_locator(self.text_editor(which)).locator("body").focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def text_editor(self, which: str) -> str:
        """Show the editor of its summary ("description_short") or description: the selector of its frame."""
        self.tab(1)
        if (tab := self.page.locator(f"a[href='#{which}']")).count():  # 1.7.8 shows both, one below the other
            tab.click()
        return f"#form_step1_{which}_1_ifr"

    def price(self, value: Decimal, taxes: Taxes, rate: Decimal, pricing_tab: bool = False) -> None:
        """Its tax rule, then its price, in the column of the first tab or on the pricing tab."""
        self.tab(2 if pricing_tab else 1)
        rules = "#form_step2_id_tax_rules_group" if pricing_tab else "#step2_id_tax_rules_group_rendered"
        options = self.page.locator(f"{rules} option").evaluate_all("all => all.map(o => [o.dataset.rates, o.text])")
        fitting = [text for of, text in options if Decimal(of) == rate]
        choose(self.page, rules, next((text for text in fitting if text.startswith("FR")), fitting[0]))
        field = "#form_step2_price" if pricing_tab else "#form_step1_price"
        ending = {(True, "TTC"): "_ttc", (True, "HT"): "", (False, "TTC"): "_ttc_shortcut", (False, "HT"): "_shortcut"}
        type_over(self.page, field + ending[pricing_tab, taxes], typed(value))

    def quantity(self, value: int) -> None:
        """The stock of a product without variants."""
        self.tab(1)
        type_over(self.page, "#form_step1_qty_0_shortcut", str(value))

    def combine(self, grid: Mapping[str, tuple[str, ...]], by_typing: bool = False) -> None:
        """Generate all combinations of {"Poids": ("300 g", "500 g"), …}, by ticking values or by typing them."""
        self.tab(1)
        self.page.locator("input[name=show_variations][value='1']").check()
        self.tab(3)
        for group, values in grid.items():
            for value in values:
                label = self._label(group, value)
                if by_typing:
                    self._type_value(value, label)
                else:
                    box = self.page.locator(f'input.js-attribute-checkbox[data-label="{label}"] + label')
                    if not box.is_visible():  # the page unfolds the first three attributes alone
                        self.page.locator(".attribute-group", has=box).locator(".attribute-group-name").click()
                    box.click()
        rows = self.page.locator(product_variants.VARIANTS)
        before = rows.count()
        self.page.locator("#create-combinations").click()
        rows.nth(before).wait_for(timeout=LOADING)
        self.page.locator("#loading-attribute, #create-combinations:disabled").first.wait_for(state="hidden")

    def _type_value(self, value: str, label: str) -> None:
        """The page suggests what it knows, and learns that some time after it has come: then one types again."""
        box = self.page.locator("#form_step3_attributes-tokenfield")
        offered = self.page.locator("#step3 .tt-suggestion", has_text=label).first
        for _ in range(6):
            box.fill("")
            box.press_sequentially(value)
            with suppress(PlaywrightTimeout):
                offered.wait_for(timeout=LOADING / 6)
                break
        offered.click()

    def variant(self, of: Grid, other: bool = False) -> VariantRow:
        """The row of a variant, or of the first `other` one."""
        for variant, pairs in self._variants():
            if (pairs == variant_values.folded(of)) != other:
                return variant
        raise LookupError(f"no variant {dict(of)}")

    def another(self, wanted: Sequence[VariantLike]) -> dict[str, tuple[str, ...]]:
        """A variant that is none of these."""
        self.tab(3)
        labels = self.page.locator("input.js-attribute-checkbox").evaluate_all("all => all.map(e => e.dataset.label)")
        return product_variants.another(labels, [one.of for one in wanted])

    def keep_only(self, wanted: Sequence[Grid], in_bulk: bool = False) -> None:
        """Delete the variants that are none of these, one by one or by the bulk actions."""
        kept = [variant_values.folded(of) for of in wanted]
        if in_bulk:
            product_variants.tick(self._variants(), lambda pairs: pairs not in kept)
            product_variants.delete_ticked(self.page)
            return
        for variant, pairs in reversed(self._variants()):
            if pairs not in kept:
                variant.delete()

    def change_in_bulk(self, variants: Sequence[Grid], values: Mapping[str, str]) -> None:
        """Give some variants the same values ("quantity", "low_stock_threshold"…) by the bulk actions."""
        changed = [variant_values.folded(of) for of in variants]
        product_variants.tick(self._variants(), lambda pairs: pairs in changed)
        with self._kept():
            product_variants.change_ticked(self.page, values)

    def carriers(self, names: Sequence[str]) -> None:
        """Tick the carriers that may deliver it."""
        self._tick_carriers(lambda label: any(f" - {fold(name)} (" in label for name in names))

    def other_carrier(self, names: Sequence[str]) -> None:
        """Tick those that aren't these."""
        self._tick_carriers(lambda label: not any(f" - {fold(name)} (" in label for name in names))

    def all_carriers(self) -> None:
        """Tick every carrier."""
        self._tick_carriers(lambda label: True)

    def _tick_carriers(self, wanted: Callable[[str], bool]) -> None:
        self.tab(4)
        for label in self.page.locator("#form_step4_selectedCarriers label").all():
            label.locator("input").set_checked(wanted(fold(label.inner_text())))

    def seo(self, title: str, description: str, address: str) -> None:
        """The title tag, the meta description, the friendly address."""
        self.tab(5)
        for field, text in (("meta_title", title), ("meta_description", description), ("link_rewrite", address)):
            if text:
                self.page.locator(f"#form_step5_{field}_1").fill(text)

    def tags(self, words: Sequence[str]) -> None:
        """Its keywords."""
        self.tab(6)
        for word in words:
            box = self.page.locator("#form_step6_tags_1-tokenfield")
            box.click()
            box.press_sequentially(word)
            box.press("Enter")

    def brand(self, name: str) -> None:
        """Its brand."""
        self.tab(1)
        self.page.locator("#add_brand_button").click()
        choose(self.page, "#form_step1_id_manufacturer", name)

    def associate(self, name: str) -> None:
        """Another product, found by its name."""
        self.tab(1)
        button = self.page.locator("#add-related-product-button")
        if button.is_visible():
            button.click()
        box = self.page.locator("#form_step1_related_products")
        box.click()
        box.press_sequentially(name)
        self.page.locator("#related-content .tt-suggestion", has_text=name).first.click()
        self.page.locator("#form_step1_related_products-data li").first.wait_for()

    def other_category(self, names: Sequence[str]) -> None:
        """Tick a category that is none of these, and untick these."""
        for label in self._categories().all():
            name = label.inner_text().strip()
            box = label.locator("input.category")
            if any(same(name, one) for one in names):
                box.uncheck()
            elif not same(name, "Accueil"):
                box.check()

    def categories(self, names: Sequence[str], default: str = "") -> None:
        """Tick categories, and choose the main one."""
        for name in names:
            self._category(name).locator("input.category").check()
        if default:
            self._category(default).locator("input.default-category").check()

    def option(self, field: str, on: bool) -> None:
        """Tick or untick a box of the pricing or options tab, by the end of its id."""
        box = self.page.locator(f"#form_{field}")
        self.tab(int(field[4]))
        box.set_checked(on, force=True)  # 1.7.8 draws its own box over it

    def order_when_out(self, allowed: bool) -> None:
        """Whether it may be ordered when there is none left."""
        self.tab(3)
        self.page.locator(f"#form_step3_out_of_stock_{1 if allowed else 0}").check(force=True)

    def online(self, on: bool = True) -> None:
        """The switch at the foot of the page, which saves all of it."""
        if self.page.locator("#form_step1_active").is_checked() == on:
            self.save()
            return
        with self._kept():
            self.page.locator(".product-footer .switch-input").click()

    def save(self) -> None:
        """Save and stay."""
        with self._kept():
            self.page.locator(".product-footer [type=submit]:visible").first.click()

    def delete(self) -> None:
        """Delete the product; the page asks whether one is sure."""
        self.page.locator("#product_form_delete_btn").click()
        with self.page.expect_navigation(timeout=LOADING):
            self.page.locator(".modal.show .continue").click()

    @contextmanager
    def _kept(self) -> Iterator[None]:
        posted = re.compile(r"/sell/catalog/products/\d+")
        with self.page.expect_response(lambda r: r.request.method == "POST" and bool(posted.search(r.url))) as got:
            yield
        if not got.value.ok:
            raise RuntimeError(f"product page: {got.value.status} {got.value.text()[:200]}")
        self.page.locator(".product-footer [type=submit]:visible:enabled").first.wait_for()

    def _label(self, group: str, value: str) -> str:
        """A value as the page writes it: "Poids : 300 g"."""
        labels = self.page.locator("input.js-attribute-checkbox").evaluate_all("all => all.map(e => e.dataset.label)")
        return str(next(label for label in labels if same(f"{group} : {value}", label)))

    def _variants(self) -> list[tuple[VariantRow, Pairs]]:
        """The variants, once they are shown."""
        self.tab(3)
        self.page.locator("#loading-attribute").wait_for(state="hidden", timeout=LOADING)
        return product_variants.rows_of(self.page)

    def _category(self, name: str) -> Locator:
        return self._categories().filter(has_text=re.compile(rf"^\s*{re.escape(name)}\s*$"))

    def _categories(self) -> Locator:
        """The labels of the tree, which 1.7.8 shows folded."""
        self.tab(1)
        labels = self.page.locator("#form_step1_categories label:has(input.category)")
        if not labels.last.is_visible():
            self.page.locator("#categories-tree-expand").click()
            labels.last.wait_for()
        return labels
