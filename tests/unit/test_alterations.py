"""What a work stored, found among what a CMS writes by itself, and altered one thing at a time."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

import pytest

from provisioner.host.editions import load_stacks
from provisioner.host.paths import ROOT
from provisioner.proof.alterations import MOST, Alteration, alterations
from provisioner.proof.altered import unlike
from provisioner.proof.leaves import Elsewhere, Field, Rules, leaves, rules_of, work_of
from provisioner.proof.stored import Cell, Change, Row, Stored, changes
from provisioner.subject.check import Check
from provisioner.subject.functionalities import fact
from provisioner.subject.references import Refers
from provisioner.subject.subjects import checks_of

TITLE = fact("wordpress.apparence.identite", "titre")


class Asks(Check):
    """Asks for one of each kind of value."""

    proves = (TITLE,)
    title: str = "Le four du port"
    price: Decimal = Decimal(12)
    where: Literal["left", "right"] = "left"
    page: Annotated[str, Refers("pages.slug")] = "nos-boutiques"


def rules(**values: object) -> Rules:
    given: dict[str, object] = {"without": (), "noise": {}, "named_by": {"options": "name"}, "ignored": (), "field": {}}
    return Rules.model_validate({**given, **values})


def changed(table: str, before: Mapping[str, Cell] | None, after: Mapping[str, Cell] | None) -> Change:
    row: Row = after or before or {}
    return Change(table, (("id", row.get("id")),), before, after)


def made(change: Change, known: Rules, check: Check | None = None) -> list[tuple[str, bool]]:
    return [(one.name, one.harmful) for one in alterations(check or Asks(), [change], known)]


def test_rows_are_compared_by_their_keys() -> None:
    one: Row = {"id": "1", "name": "a"}
    other: Row = {"id": "2", "name": "b"}
    before: Stored = {"t": {(("id", "1"),): one, (("id", "2"),): other}}
    after: Stored = {"t": {(("id", "1"),): {**one, "name": "c"}}, "u": {(("id", "3"),): {"id": "3"}}}
    found = {(change.table, change.key[0][1]): (change.before, change.after) for change in changes(before, after)}
    assert found == {
        ("t", "1"): (one, {"id": "1", "name": "c"}),
        ("t", "2"): (other, None),
        ("u", "3"): (None, {"id": "3"}),
    }


def test_what_a_cms_writes_by_itself_is_no_work_nor_is_what_belongs_to_it() -> None:
    known = rules(noise={"posts.type": ["revision"]}, belongs={"meta.post": "posts.id", "log.meta": "meta.id"})
    revision = changed("posts", None, {"id": "7", "type": "revision"})
    of_revision = changed("meta", None, {"id": "8", "post": "7"})
    of_that = changed("log", None, {"id": "9", "meta": "8"})
    page, of_page = changed("posts", None, {"id": "5", "type": "page"}), changed("meta", None, {"id": "6", "post": "5"})
    assert work_of([of_that, of_revision, revision, page, of_page], known) == [page, of_page]


def test_a_column_that_is_called_as_a_key_names_its_row() -> None:
    known = rules(belongs_by_key=True)
    product = Change("product", (("id_product", "4"),), None, {"id_product": "4"})
    text = Change("product_lang", (("id_product", "4"), ("id_lang", "1")), None, {"id_product": "4", "id_lang": "1"})
    price = Change("price", (("id_price", "9"),), {"id_price": "9", "id_product": "4"}, None)
    assert known.holder(text, [product, text, price]) is product
    assert known.holder(price, [product, text, price]) is None  # it went, and the product came
    assert known.holder(product, [product, text, price]) is None


def test_an_array_is_read_value_by_value() -> None:
    change = changed(
        "options",
        {"id": "1", "name": "menu", "value": {"left": {"0": "logo"}, "right": {}}},
        {"id": "1", "name": "menu", "value": {"left": {"0": "logo"}, "right": {"0": "text"}}},
    )
    [leaf] = leaves(change, rules())
    assert (leaf.name, leaf.path, leaf.before, leaf.after) == (
        "options[menu].value.right.0",
        ("right", "0"),
        None,
        "text",
    )


def test_a_changed_value_goes_back_or_becomes_another() -> None:
    before, after = {"id": "1", "name": "size", "value": "3"}, {"id": "1", "name": "size", "value": "5"}
    assert made(changed("options", before, after), rules()) == [
        ("options[size].value : comme avant", True),
        ("options[size].value : « 6 » au lieu de « 5 »", True),
        ("options[size].value : « 4 » au lieu de « 5 »", True),
    ]


@pytest.mark.parametrize(
    ("value", "others"),
    [
        ("1", ["0"]),
        ("0.150000", ["0.225000", "0.075000"]),
        ("2026-12-31 10:00:00", ["2027-01-01 10:00:00", "2026-12-30 10:00:00"]),
        ("0000-00-00 00:00:00", []),
    ],
)
def test_a_value_becomes_another_of_its_kind(value: str, others: list[str]) -> None:
    found = alterations(Asks(), [changed("options", {"id": "1", "value": None}, {"id": "1", "value": value})], rules())
    assert [one.value for one in found] == others


def test_a_wanted_text_is_written_otherwise_wherever_it_stands() -> None:
    text = "<p>Venez voir : Le four du port.</p>"
    found = alterations(Asks(), [changed("posts", None, {"id": "1", "content": text})], rules())
    values = {one.value or "": one.harmful for one in found}
    for harmful in ("Tout autre chose", "Le four du", "four du port Le"):
        assert values[text.replace("Le four du port", harmful)]
    for harmless in ("LE FOUR DU PORT", "Le\u00a0four\u00a0du\u00a0port", "Le  four  du  port"):
        assert not values[text.replace("Le four du port", harmless)]
    assert ("posts : retiré", True) in [(one.name, one.harmful) for one in found]


def test_the_cells_of_a_wanted_table_are_written_otherwise() -> None:
    class AsksTable(Asks):
        rows: tuple[tuple[str, ...], ...] = (("Pain", "Prix"), ("Miche", "Une pièce"))

    change = changed("posts", {"id": "1", "post_content": ""}, {"id": "1", "post_content": "<td>Une pièce</td>"})
    found = made(change, rules(), AsksTable())
    assert ("posts.post_content : « Tout autre chose » au lieu de « Une pièce »", True) in found
    assert ("posts.post_content : « UNE PIÈCE » au lieu de « Une pièce »", False) in found


def test_of_a_new_row_only_what_is_asked_or_has_a_rule_is_altered() -> None:
    row: dict[str, Cell] = {
        "id": "1",
        "price": "12.000000",
        "id_shop": "12",
        "weight": "7",
        "active": "1",
        "state": "new",
    }
    known = rules(field={"product.active": Field(to_harm=("0",)), "product.state": Field(to_keep=("old",))})
    assert made(changed("product", None, row), known) == [
        ("product : retiré", True),
        ("product.price : « 13.000000 » au lieu de « 12.000000 »", True),
        ("product.active : « 0 » au lieu de « 1 »", True),
        ("product.state : « old » au lieu de « new »", False),
        ("product.price : « 11.000000 » au lieu de « 12.000000 »", True),
    ]


def test_a_rule_may_say_that_a_field_harms_nothing() -> None:
    before, after = {"id": "1", "order": "3"}, {"id": "1", "order": "5"}
    assert not any(
        harmful
        for _, harmful in made(changed("posts", before, after), rules(field={"posts.order": Field(harmless=True)}))
    )
    assert made(changed("posts", before, after), rules(ignored=("posts.order",))) == []


def test_blocks_that_the_work_added_go_one_by_one_and_may_stand_in_a_frame() -> None:
    known = rules(
        part=r"(?s)<b\b.*?</b>",
        swaps=(("left", "alignleft", "alignright"), ("right", "big", "small")),
        wrappings={"dans un cadre": ("<div>", "</div>")},
        rewritings={"sans gras": ("</?b>", "")},
        field={"posts.content": Field(kind="content")},
    )
    change = changed(
        "posts", {"id": "1", "content": "<b>a</b> d"}, {"id": "1", "content": '<b>a</b><b class="alignleft big">c</b>'}
    )
    found = {name.removeprefix("posts.content : "): harmful for name, harmful in made(change, known)}
    assert found == {
        "comme avant": True,
        "vide": True,
        "sans « c »": True,
        "« alignright » au lieu de « alignleft »": True,
        "dans un cadre": False,
        "sans gras": False,
    }


def test_a_part_that_was_only_written_anew_is_not_of_the_work() -> None:
    known = rules(part=r"(?s)<b\b.*?</b>", field={"posts.content": Field(kind="content")})
    before = '<b>ouvert&nbsp;: 9 h</b><b>Le four du port</b><b><img src="a.jpg">Le port</b>'
    after = '<b class="new">ouvert\u00a0: 9 h</b><b class="new">Le four du port</b><b class="new">c</b>'
    after += '<b class="wide"><img src="a.jpg">Le port</b>'
    found = [
        name for name, _ in made(changed("posts", {"id": "1", "content": before}, {"id": "1", "content": after}), known)
    ]
    taken_away = [name.removeprefix("posts.content : ") for name in found if " : sans « " in name]
    assert taken_away == ["sans « Le four du port »", "sans « c »", "sans « Le port »"]


def test_a_mark_at_the_end_goes_with_its_last_word() -> None:
    asked = Asks(title="Le four est ouvert ?")
    found = alterations(asked, [changed("posts", None, {"id": "1", "content": "Le four est ouvert ?"})], rules())
    values = {one.value: one.harmful for one in found}
    assert values["Le four est"]
    assert "Le four est ouvert" not in values


def test_a_row_that_went_comes_back_with_what_belonged_to_it() -> None:
    known = rules(belongs={"meta.post": "posts.id"})
    post, meta = changed("posts", {"id": "5"}, None), changed("meta", {"id": "6", "post": "5"}, None)
    [back] = alterations(Asks(), [post, meta], known)
    assert (back.name, back.do, back.harmful) == ("posts : remis", "add", True)
    assert back.requests()[0]["also"] == [{"table": "meta", "row": {"id": "6", "post": "5"}}]


def test_a_new_link_goes_or_leads_elsewhere_though_it_belongs_to_something_new() -> None:
    known = rules(belongs={"links.post": "posts.id"}, links=("links",))
    post, link = changed("posts", None, {"id": "5"}), changed("links", None, {"id": "6", "post": "5", "term": "7"})
    found = [(one.name, one.do) for one in alterations(Asks(), [post, link], known)]
    assert found == [("posts : retiré", "remove"), ("links : retiré", "remove"), ("links : un autre", "link")]


def test_what_belongs_to_what_came_back_comes_too_however_deep() -> None:
    known = rules(belongs={"pictures.post": "posts.id", "legends.picture": "pictures.id"})
    post, picture = changed("posts", {"id": "5"}, None), changed("pictures", {"id": "6", "post": "5"}, None)
    legend = changed("legends", {"id": "7", "picture": "6"}, None)
    [back] = alterations(Asks(), [legend, picture, post], known)
    assert [one.table for one in back.also] == ["pictures", "legends"]


def test_what_other_questions_ask_harms_nothing_unless_the_work_is_there() -> None:
    slogan = Elsewhere(
        name="un autre slogan", do="set", table="options", row={"name": "slogan"}, column="value", value="x"
    )
    known = rules(elsewhere=(slogan,))
    beside = changed("options", {"id": "1", "name": "size", "value": "3"}, {"id": "1", "name": "size", "value": "5"})
    there = changed("options", {"id": "1", "name": "slogan", "value": "a"}, {"id": "1", "name": "slogan", "value": "b"})
    assert ("ailleurs : un autre slogan", False) in made(beside, known)
    assert "ailleurs : un autre slogan" not in [name for name, _ in made(there, known)]


def test_each_value_is_altered_before_any_is_again_and_no_two_are_alike() -> None:
    row: dict[str, Cell] = {"id": "1", **{f"text{n}": "Le four du port" for n in range(MOST - 1)}}
    found = alterations(Asks(), [changed("posts", None, row)], rules())
    assert len(found) == MOST
    assert len({one.column for one in found}) == MOST  # and the row itself
    assert len({(one.do, one.column, one.path, one.value) for one in found}) == MOST
    assert len({one.name for one in found}) == MOST


def test_two_rows_that_are_called_alike_have_names_of_their_own() -> None:
    rows = [changed("items", None, {"id": n}) for n in ("1", "2")]
    names = [one.name for one in alterations(Asks(), rows, rules())]
    assert names == ["items : retiré", "items : retiré (2)"]


@pytest.mark.parametrize("cms", sorted({stack.cms for stack in load_stacks().values()}))
def test_each_cms_says_how_what_it_stores_is_altered(cms: str) -> None:
    known = rules_of(cms)
    assert known.field
    assert len({one.name for one in known.elsewhere}) == len(known.elsewhere) > 0
    assert (ROOT / "checks" / cms / "alter.php").is_file()
    ids = set(checks_of(cms))
    for row in unlike(cms):
        assert row.check in ids
        assert row.why


def test_a_request_says_all_that_the_script_reads() -> None:
    change = changed("options", None, {"id": "1", "name": "size", "value": "5"})
    asked = Alteration("x", True, change, "set", "value", ("a",), "6").requests()[0]
    assert asked == {
        "do": "set",
        "table": "options",
        "row": change.row,
        "key": {"id": "1"},
        "column": "value",
        "path": ["a"],
        "value": "6",
        "also": [],
    }
