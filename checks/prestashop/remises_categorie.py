"""Groups of customers: what one of them saves on a category."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Annotated, Self

from pydantic import Field

from checks.prestashop.reading.answers import Forbidden
from checks.prestashop.reading.base_price import exact
from checks.prestashop.reading.catalogue_rules import category_in, rules_for
from checks.prestashop.reading.category_tree import category_tree, nodes_called
from checks.prestashop.reading.customer_groups import NOBODY, Group, all_groups, groups_named, member_of
from checks.prestashop.reading.money import Exact, amount, displayed, euros, percent
from checks.prestashop.reading.promotion_effects import repriced
from checks.prestashop.reading.seeded import called, name_of, price_of, products_in, was_given
from checks.prestashop.reading.shop import Row, catalogue, regular_price, shown_for_quantity, visit_as_customer
from checks.prestashop.reading.special_prices import specials_of_each
from checks.prestashop.screens.customers import write_group
from checks.prestashop.screens.disturbances import give_price
from checks.prestashop.screens.office import office, saving
from provisioner.french.text import quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

DISCOUNT = fact("prestashop.contenu.clients", "remise du groupe sur une catégorie")

_GROUPS = ("AdminParentCustomerPreferences", "AdminGroups")


class GroupCategoryDiscount(Check, id="prestashop.contenu.group_category_discount"):
    """Un groupe de clients bénéficie d’une remise sur une catégorie, au centime près.

    S’il en reçoit aussi une sur une autre catégorie, c’est à apprécier : n’en demandez qu’une par groupe.
    """

    proves = (DISCOUNT,)
    may_act = True

    group: Annotated[str, Refers("groups.name")] = Field(min_length=1, description="Le groupe de clients.")
    category: Annotated[str, Refers("categories.name")] = Field(min_length=1, description="La catégorie.")
    discount: Exact = Field(gt=0, le=100, description="La remise, en pour cent.")

    def verify(self, site: Site) -> list[Finding]:
        """The group's sheet, and the price of a product of that category as a customer of the group sees it."""
        expected = f"Le groupe « {self.group} » a {percent(self.discount)} de remise sur « {self.category} »."
        groups = groups_named(site, self.group)
        nodes = category_tree(site)
        names = {str(node.id): node.name for node in nodes}
        own = called(self.company, self.category, names.values(), "categories")
        if not own:  # it may have got another name since
            own = [node.name for node in nodes_called(self.company, nodes, self.category)]
        numbers = [number for number, name in names.items() if name in own]
        if not groups or not numbers:
            site.visit("/")
            what = f"Aucun groupe ne s’appelle « {self.group} »."
            what = what if not groups else f"Aucune catégorie ne s’appelle « {self.category} »."
            return [Finding(DISCOUNT, Verdict.NOT_MET, expected, what, (site.shot("la boutique"),))]
        kept = [group.by_category for group in groups]
        verdict = self.granted(kept, numbers)
        observed = f"le groupe « {groups[0].name} » {_told(kept[0], names)}"
        if len(groups) > 1:
            each = [f"le n° {group.id} {_told(one, names)}" for group, one in zip(groups, kept, strict=True)]
            observed = f"{len(groups)} groupes portent ce nom : {' ; '.join(each)}"
        if verdict is Verdict.NOT_MET and (others := self._otherwise(site, groups[0], own)):
            # The same discount by another road: a person says whether that is what was asked.
            verdict, observed = Verdict.TO_JUDGE, f"{observed} ; mais {others}"
        site.visit("/")
        shot = site.shot("la boutique, vue par un visiteur")
        if verdict is Verdict.MET:
            # Of namesakes, a customer's sheet offers the newest.
            group = max(groups, key=lambda one: int(one.id))
            rows = [row for row in catalogue(site) if row.active and any(same(one, row.category) for one in own)]
            if rows:
                verdict, said, seen_by_customer = self._as_sold(site, group, rows[-1])
                observed += said
                shot = seen_by_customer or shot
        if verdict is Verdict.MET and (beside := _beside(groups, numbers)):
            verdict = Verdict.TO_JUDGE
            observed += f" ; mais rien n’est demandé sur {', '.join(_category(one, names) for one in beside)}"
        if verdict is Verdict.MET and (more := self._also(site, groups, numbers)):
            verdict = Verdict.TO_JUDGE
            have = "d’autres groupes ont" if more[1:] else "un autre groupe a"
            observed += f" ; mais {have} la même remise : {quoted(more)}"
        if verdict is Verdict.MET and not any(same(self.category, name) for name in own):
            verdict = Verdict.TO_JUDGE
            observed += f" ; mais aucune catégorie ne s’appelle « {self.category} »"
        return [Finding(DISCOUNT, verdict, expected, f"{observed[0].upper()}{observed[1:]}.", (shot,))]

    def _as_sold(self, site: Site, group: Group, row: Row) -> tuple[Verdict, str, str]:
        """The verdict by the price at which a customer of the group is sold the product, and what is seen of it.

        Last the screenshot of his page; empty where the shop took no such customer.
        """
        page = member_of(site, group)
        if page is None:
            return Verdict.TO_JUDGE, f" ; mais {NOBODY}", ""
        if not visit_as_customer(site, row.id, page):
            shot = site.shot("le produit, vu par un client du groupe", page, mark=page.locator(".product-prices"))
            return Verdict.TO_JUDGE, " ; mais ses clients n’ont pas accès aux produits de cette catégorie", shot
        shown = shown_for_quantity(site, row.id, page=page).price
        shot = site.shot("le produit, vu par un client du groupe", page, mark=page.locator(".product-prices"))
        if not shown:
            return Verdict.TO_JUDGE, " ; mais la boutique ne montre aucun prix à ses clients", shot
        said = f" ; « {row.name} » lui est vendu {euros(shown)} {group.prices}"
        due = self._due(site, row, group)
        if due is None:
            said += ", mais les visiteurs n’y ont pas accès : son prix sans remise n’a pas pu être vu"
            return Verdict.TO_JUDGE, said, shot
        if shown != due:
            return Verdict.TO_JUDGE, f"{said} au lieu de {euros(due)}", shot
        if moved := repriced(site, row.id):
            return Verdict.TO_JUDGE, f"{said} ; mais {moved}", shot
        return Verdict.MET, said, shot

    def _otherwise(self, site: Site, group: Group, own: Sequence[str]) -> str:
        """What is said of the same discount by another road: the group's own, a rule, a price of each product; else ""."""
        if group.discount == self.discount and not was_given(self.company, self.group, group.discount):
            return f"le groupe a {percent(group.discount)} de remise sur tous les produits"
        if rules := self._by_a_rule(site, group):
            return f"il y a {' ; '.join(f'la {rule}' for rule in rules)}"
        rows = [row for row in catalogue(site) if row.active and any(same(one, row.category) for one in own)]
        given = [
            f"sur « {row.name} », une {special}"
            for row, special in specials_of_each(site, rows)
            if (special.reduction, special.unit) == (self.discount, "%") and same(self.group, special.group)
        ]
        return f"il y a, {' ; '.join(given)}" if given else ""

    def _also(self, site: Site, groups: Sequence[Group], numbers: Sequence[str]) -> list[str]:
        """The other groups that have this discount on the category: the company gives none by category."""
        mine = {one.id for one in groups}
        return [
            one.name
            for one in all_groups(site)
            if one.id not in mine
            and any(amount(one.by_category.get(number, "")) == self.discount for number in numbers)
        ]

    def _by_a_rule(self, site: Site, group: Group) -> list[str]:
        """The price rules of the catalogue that give the group this discount on the category."""
        rules = rules_for(site, group.name, self.discount)
        on = [[category_in(one) for each in rule.conditions for one in each] for rule in rules]
        return [
            str(rule)
            for rule, names in zip(rules, on, strict=True)
            if called(self.company, self.category, names, "categories")
        ]

    def _due(self, site: Site, row: Row, group: Group) -> Decimal | None:
        """What the group should pay for a product; None where no visitor sees what others pay."""
        try:
            data = shown_for_quantity(site, row.id).data
        except Forbidden:
            return None
        off = regular_price(data) * (1 - self.discount / 100)
        return displayed(off, exact(data["rate"]), group.prices)

    def granted(self, kept: Sequence[Mapping[str, str]], numbers: Sequence[str]) -> Verdict:
        """Whether the groups of this name give it on the category; where only some of the namesakes do, a person says."""
        right = [amount(one.get(number, "")) == self.discount for one in kept for number in numbers]
        return Verdict.MET if all(right) else Verdict.TO_JUDGE if any(right) else Verdict.NOT_MET

    def ways(self) -> Sequence[Act]:
        """The group's own screen."""
        return (Act("la fiche du groupe", lambda desk: self._do(desk)),)

    def near_misses(self) -> Sequence[NearMiss]:
        """Another rate, another category, another group, the group not saved."""

        return (
            NearMiss("remise de moitié", DISCOUNT, lambda desk: self.but(discount=self.discount / 2)._do(desk)),
            NearMiss("une autre catégorie", DISCOUNT, partial(self._do, elsewhere=True)),
            NearMiss("un autre groupe", DISCOUNT, partial(self._do, neighbour=True)),
            NearMiss("groupe non enregistré", DISCOUNT, partial(self._do, save=False)),
        )

    def roads(self) -> Sequence[Road]:
        """The discount on all that the group buys; given to another group too; another base price beside it."""

        def both(desk: Desk) -> None:
            self._do(desk)
            self._do(desk, neighbour=True)

        def on_everything(desk: Desk) -> None:
            write_group(desk, self.group, self.discount, None, edit=True)

        roads = [
            Road("remise du groupe sur tous les produits", DISCOUNT, on_everything),
            Road("donnée aussi à un autre groupe", DISCOUNT, both),
        ]
        inside = products_in(self.company, self.category)
        base = price_of(self.company, inside[0]) if inside else None
        if base is not None:

            def lowered(desk: Desk) -> None:
                self._do(desk)
                give_price(desk, name_of(self.company, inside[0]), base - 1)

            roads.append(Road("prix de base baissé à côté", DISCOUNT, lowered))
        return roads

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


def _beside(groups: Sequence[Group], numbers: Sequence[str]) -> list[str]:
    """The numbers of other categories on which a group saves something else than on everything: the company gives none."""
    given = [(number, amount(value) != one.discount) for one in groups for number, value in one.by_category.items()]
    return list(dict.fromkeys(number for number, differs in given if differs and number not in numbers))


def _told(kept: Mapping[str, str], names: Mapping[str, str]) -> str:
    """What a group has, behind its name; `kept` and `names` are by the category's number."""
    each = [f"{percent(amount(value) or Decimal(0))} sur {_category(one, names)}" for one, value in kept.items()]
    return f"a une remise de {', de '.join(each)}" if each else "n’a de remise sur aucune catégorie"


def _category(number: str, names: Mapping[str, str]) -> str:
    """A category by its name, or by its number where it was deleted."""
    return f"« {names[number]} »" if number in names else f"la catégorie n° {number} (supprimée)"
