"""Groups of customers: what one of them saves on a category."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import Field

from checks.prestashop.categories import category_tree
from checks.prestashop.customer_screens import NOBODY, Group, groups_named, member_of
from checks.prestashop.money import Exact, amount, cents, euros, percent
from checks.prestashop.pages import office, saving
from checks.prestashop.shop import catalogue, let_in, refreshed, regular_price
from provisioner.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict
from provisioner.config import fact
from provisioner.text import same

DISCOUNT = fact("prestashop.contenu.clients", "remise du groupe sur une catégorie")

_GROUPS = ("AdminParentCustomerPreferences", "AdminGroups")


class GroupCategoryDiscount(Check, id="prestashop.contenu.group_category_discount"):
    """Un groupe de clients bénéficie d’une remise sur une catégorie, au centime près."""

    proves = (DISCOUNT,)
    acts = True

    group: Annotated[str, Refers("groups.name")] = Field(min_length=1, description="Le groupe de clients.")
    category: Annotated[str, Refers("categories.name")] = Field(min_length=1, description="La catégorie.")
    discount: Exact = Field(gt=0, le=100, description="La remise, en pour cent.")

    def verify(self, site: Site) -> list[Finding]:
        """The group's sheet, and the price of a product of that category as a customer of the group sees it."""
        expected = f"Le groupe « {self.group} » a {percent(self.discount)} de remise sur « {self.category} »."
        groups = groups_named(site, self.group)
        names = {str(node.id): node.name for node in category_tree(site)}
        numbers = [number for number, name in names.items() if same(self.category, name)]
        if not groups or not numbers:
            site.visit("/")
            what = "Ce groupe" if not groups else "Cette catégorie"
            return [Finding(DISCOUNT, Verdict.NOT_MET, expected, f"{what} n’existe pas.", (site.shot("la boutique"),))]
        kept = [group.by_category for group in groups]
        verdict = self.granted(kept, numbers)
        observed = _told(kept[0], names)
        if len(groups) > 1:
            each = [f"n° {group.id}, {_told(one, names)}" for group, one in zip(groups, kept, strict=True)]
            observed = f"{len(groups)} groupes portent ce nom : {' ; '.join(each)}"
        site.visit("/")
        shot = site.shot("la boutique, vue par un visiteur")
        if verdict is Verdict.MET:
            # Of namesakes, a customer's sheet offers the newest.
            group = max(groups, key=lambda one: int(one.id))
            rows = [row for row in catalogue(site) if row.active and same(self.category, row.category)]
            page = member_of(site, group) if rows else None
            if rows and page is None:
                verdict = Verdict.TO_JUDGE
                observed += f" ; mais {NOBODY}"
            elif page and not let_in(site, rows[-1].id, page):
                verdict = Verdict.TO_JUDGE
                shot = site.shot("le produit, vu par un client du groupe", page)
                observed += " ; mais ses clients n’ont pas accès aux produits de cette catégorie"
            elif rows:
                data = refreshed(site, rows[-1].id).data
                rate = 1 + Decimal(str(data["rate"])) / 100
                off = regular_price(data) * (1 - self.discount / 100)
                due = cents(off / rate if group.prices == "HT" else off)
                shown = refreshed(site, rows[-1].id, page=page).price
                shot = site.shot("le produit, vu par un client du groupe", page)
                observed += f" ; « {rows[-1].name} » lui est vendu {euros(shown)} {group.prices}"
                if shown != due:
                    verdict = Verdict.TO_JUDGE
                    observed += f" au lieu de {euros(due)}"
        return [Finding(DISCOUNT, verdict, expected, f"{observed[0].upper()}{observed[1:]}.", (shot,))]

    def granted(self, kept: Sequence[Mapping[str, str]], numbers: Sequence[str]) -> Verdict:
        """Whether the groups of this name give it on the category; where only some of the namesakes do, a person says."""
        right = [amount(one.get(number, "")) == self.discount for one in kept for number in numbers]
        return Verdict.MET if all(right) else Verdict.TO_JUDGE if any(right) else Verdict.NOT_MET

    def ways(self) -> Sequence[Act]:
        """The group's own screen."""
        return (Act("la fiche du groupe", lambda desk: self._do(desk)),)

    def near_misses(self) -> Sequence[NearMiss]:
        """Another rate, another category, another group, the group not saved."""

        def made(**how: Any) -> Callable[[Desk], None]:
            return lambda desk: self._do(desk, **how)

        return (
            NearMiss("remise de moitié", DISCOUNT, lambda desk: self.but(discount=self.discount / 2)._do(desk)),
            NearMiss("une autre catégorie", DISCOUNT, made(elsewhere=True)),
            NearMiss("un autre groupe", DISCOUNT, made(neighbour=True)),
            NearMiss("groupe non enregistré", DISCOUNT, made(save=False)),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A group that sees prices without tax."""
        return (cls(group="Épiceries fines", category="Crackers salés", discount=Decimal(20)),)

    def _do(self, desk: Desk, elsewhere: bool = False, neighbour: bool = False, save: bool = True) -> None:
        page = office(desk, *_GROUPS)
        rows = page.locator("table.group tbody tr")
        row = rows.filter(has_not_text=self.group).last if neighbour else rows.filter(has_text=self.group).first
        row.locator("a.edit").click()
        page.locator("#group_form").wait_for()
        page.wait_for_load_state("load")
        page.locator("#group_discount_category").click()
        box = page.locator("#category_reduction_fancybox")
        box.wait_for()
        page.locator("#group_discount_category_fancybox [id^=expand-all]").click()
        labels = page.locator("#group_discount_category_fancybox input[name=id_category]")
        labels.last.wait_for()
        names: list[str] = labels.evaluate_all("all => all.map(i => i.parentElement.textContent.trim())")
        labels.nth(next(i for i, n in enumerate(names[1:], 1) if same(self.category, n) != elsewhere)).check()
        box.fill(f"{self.discount:f}")
        with page.expect_response(lambda r: "ajax-tab.php" in r.url):
            page.locator("#group_discount_category_fancybox button:visible").last.click()
        page.locator("#group_discount_category_table input.category_reduction").first.wait_for(state="attached")
        if save:
            with saving(page):
                page.locator("#group_form_submit_btn").click()


def discount_on(site: Site, group: Group, category: str) -> Decimal:
    """What a group saves, in per cent, on a product whose default category is the one of this name."""
    if not group.by_category:
        return group.discount
    numbers = [str(node.id) for node in category_tree(site) if same(category, node.name)]
    own = next((group.by_category[one] for one in numbers if one in group.by_category), None)
    return group.discount if own is None else amount(own) or Decimal(0)


def _told(kept: Mapping[str, str], names: Mapping[str, str]) -> str:
    """What a group has, in the middle of a sentence; `kept` and `names` are by the category's number."""
    each = [f"{percent(amount(value) or Decimal(0))} sur « {names.get(one, one)} »" for one, value in kept.items()]
    return f"il a : {', '.join(each)}" if each else "il n’a de remise sur aucune catégorie"
