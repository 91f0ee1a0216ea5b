"""What a real site stores is read row by row, and altered by its CMS's own functions, one thing at a time."""

import json
from collections.abc import Mapping, Sequence

import pytest

from provisioner.build.driver import Inside
from provisioner.core.model import Station
from provisioner.engine.protocol import Engine
from provisioner.host.paths import ROOT
from provisioner.proof.alterations import Alteration
from provisioner.proof.leaves import leaves, rules_of, work_of
from provisioner.proof.prove_altered import altered
from provisioner.proof.stored import Change, Stored, changes, stored

RULES = rules_of("wordpress")


@pytest.fixture
def inside(engine: Engine, trial_station: Station) -> Inside:
    return Inside(engine, trial_station.container)


def row_of(site: Stored, table: str, **values: str) -> Change:
    """The row with these values, as a change of it."""
    key, row = next((key, row) for key, row in site[table].items() if values.items() <= dict(row).items())
    return Change(table, key, row, row)


def carried_out(inside: Inside, station: Station, alteration: Alteration) -> tuple[str, list[str]]:
    """Why the site doesn't take it, and the names of all that changed."""
    before = stored(inside, RULES.without)
    refused = altered(alteration, "wordpress", inside, station.address)
    work = work_of(changes(before, stored(inside, RULES.without)), RULES)
    return refused, [leaf.name for change in work for leaf in leaves(change, RULES)]


def test_one_thing_is_altered_and_nothing_else(inside: Inside, trial_station: Station) -> None:
    site = stored(inside, RULES.without)
    name = row_of(site, "wp_options", option_name="blogname")
    page = row_of(site, "wp_posts", post_type="page", post_name="contact")
    menus = next(row for key, row in site["wp_options"].items() if str(row["option_name"]).startswith("theme_mods_"))
    assert isinstance(menus["option_value"], Mapping)  # PHP's array, value by value
    asked: Sequence[tuple[Alteration, str]] = [
        (
            Alteration("", True, name, "set", "option_value", (), "Le four d’à côté"),
            "wp_options[blogname].option_value",
        ),
        (Alteration("", True, page, "set", "post_title", (), "L’« autre » page\\"), "wp_posts[page].post_title"),
        (Alteration("", True, page, "set", "post_status", (), "draft"), "wp_posts[page].post_status"),
    ]
    for alteration, changed in asked:
        assert carried_out(inside, trial_station, alteration) == ("", [changed])
    titles = {row["post_title"] for row in stored(inside)["wp_posts"].values()}
    assert "L’« autre » page\\" in titles


def test_a_row_goes_and_comes_back_with_what_belongs_to_it(inside: Inside, trial_station: Station) -> None:
    before = stored(inside, RULES.without)
    item = row_of(before, "wp_posts", post_type="nav_menu_item")
    assert altered(Alteration("", True, item, "remove"), "wordpress", inside, trial_station.address) == ""
    work = work_of(changes(before, stored(inside, RULES.without)), RULES)
    gone = next(change for change in work if change.table == "wp_posts" and change.after is None)
    also = tuple(change for change in work if RULES.holder(change, work) is gone)
    assert {change.table for change in also} == {"wp_postmeta", "wp_term_relationships"}
    assert altered(Alteration("", True, gone, "add", also=also), "wordpress", inside, trial_station.address) == ""
    after = stored(inside, RULES.without)
    back = row_of(after, "wp_posts", ID=str(item.row["ID"]))
    assert [back.row[column] for column in ("post_type", "post_status", "menu_order", "post_parent")] == [
        item.row[column] for column in ("post_type", "post_status", "menu_order", "post_parent")
    ]
    for table in ("wp_postmeta", "wp_term_relationships"):
        assert len(after[table]) >= len(before[table])


def test_what_the_cms_does_not_take_or_keeps_as_it_is_is_said(inside: Inside, trial_station: Station) -> None:
    site = stored(inside, RULES.without)
    name, user = row_of(site, "wp_options", option_name="blogname"), row_of(site, "wp_users", ID="1")
    same = Alteration("", False, name, "set", "option_value", (), str(name.row["option_value"]))
    assert carried_out(inside, trial_station, same) == ("le CMS garde la même chose", [])
    taken = next(str(row["user_email"]) for row in site["wp_users"].values() if row["ID"] != "1")
    another = Alteration("", True, user, "set", "user_email", (), taken)
    assert carried_out(inside, trial_station, another)[0].startswith("le CMS le refuse (détail : ")
    unknown = Alteration(
        "", True, Change("wp_links", (("link_id", "1"),), {"link_id": "1"}, {"link_id": "1"}), "remove"
    )
    with pytest.raises(Exception, match="no function of WordPress"):
        carried_out(inside, trial_station, unknown)


def test_several_things_are_stored_as_one(inside: Inside, trial_station: Station) -> None:
    site = stored(inside, RULES.without)
    name = row_of(site, "wp_options", option_name="blogname")
    slogan = row_of(site, "wp_options", option_name="blogdescription")
    more = Alteration("", False, slogan, "set", "option_value", (), "b")
    both = Alteration("", False, name, "set", "option_value", (), "a", more=(more,))
    assert json.loads(json.dumps(both.requests()))[1]["value"] == "b"
    refused, changed = carried_out(inside, trial_station, both)
    assert (refused, sorted(changed)) == (
        "",
        ["wp_options[blogdescription].option_value", "wp_options[blogname].option_value"],
    )


def test_a_database_is_put_back_as_it_was(inside: Inside, trial_station: Station) -> None:
    code = (ROOT / "provisioner/proof/rewind.php").read_text(encoding="utf-8").removeprefix("<?php")
    before = stored(inside)
    inside.run("php", "-r", code, "--", "keep")
    item = row_of(before, "wp_posts", post_type="nav_menu_item")
    name = row_of(before, "wp_options", option_name="blogname")
    for alteration in (
        Alteration("", True, item, "remove"),
        Alteration("", True, name, "set", "option_value", (), "L’« autre » \\ site"),
    ):
        assert altered(alteration, "wordpress", inside, trial_station.address) == ""
        assert stored(inside) != before
        assert inside.run("php", "-r", code, "--", "rewind") == b"whole"
        assert stored(inside) == before
    inside.run("mariadb", "site", "-e", "CREATE TABLE more (a INT)")
    assert inside.run("php", "-r", code, "--", "rewind") == b"other"
