"""What the door of an opened archive lets through: whatever shows, nothing that changes the site for the next examiner."""

import json
import re
from pathlib import Path

import pytest

from provisioner.archive.viewing import View, _door_labels, close, others
from provisioner.cli import archive as commands
from provisioner.cli import resources
from provisioner.engine.protocol import ContainerSpec, ImageState
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway_files import of_every_cms
from provisioner.network.room import Room
from provisioner.station.centre import Centre
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine

#: As nginx reads it: the first that matches decides.
RULES = [
    (re.compile(rule.lstrip("~*"), re.IGNORECASE if rule.startswith("~*") else 0), bool(acts))
    for rule, acts in of_every_cms("acts")
]
OFFICE, LEGACY = "/gestion/index.php", "/gestion/index.php?controller=Admin"


def refused(address: str) -> bool:
    path, _, args = address.partition("?")
    return next((acts for rule, acts in RULES if rule.search(f"{path}?{args}")), False)


@pytest.mark.parametrize(
    "address",
    [
        "/wp-admin/post.php?post=12&action=trash&_wpnonce=a1",
        "/wp-admin/post.php?post=12&action=untrash&_wpnonce=a1",
        "/wp-admin/comment.php?c=3&action=approvecomment&_wpnonce=a1",
        "/wp-admin/comment.php?action=spamcomment&c=3",
        "/wp-admin/plugins.php?action=deactivate&plugin=wordpress-seo%2Fwp-seo.php&paged=1&s&_wpnonce=a1",
        "/wp-admin/themes.php?action=activate&stylesheet=twentytwentyfour&_wpnonce=a1",
        "/wp-admin/users.php?action=delete&user=3&_wpnonce=a1",
        "/wp-admin/nav-menus.php?action=delete-menu-item&menu-item=9&_wpnonce=a1",
        "/wp-admin/nav-menus.php?action=move-down-menu-item&menu-item=9&_wpnonce=a1",
        "/wp-admin/edit.php?post_status=trash&post_type=post&_wpnonce=a1&action=-1&delete_all=Vider+la+corbeille&action2=-1",
        "/wp-admin/edit.php?_wpnonce=a1&action=edit&post%5B%5D=12&_status=draft&bulk_edit=Mettre+%C3%A0+jour&action2=-1",
        "/wp-admin/users.php?s=&_wpnonce=a1&action=-1&new_role=editor&changeit=Changer&users%5B%5D=2",
        "/wp-admin/post-new.php",
        "/wp-login.php?action=logout&_wpnonce=a1",
        "/wp-json/wp/v2/posts/12?_method=DELETE",
        f"{LEGACY}CartRules&id_cart_rule=2&deletecart_rule&token=a1",
        f"{LEGACY}CartRules&id_cart_rule=2&statuscart_rule&token=a1",
        f"{LEGACY}Carriers&id_carrier=2&isFreecarrier&token=a1",
        f"{LEGACY}Groups&id_group=2&changeShowPricesVal&token=a1",
        f"{LEGACY}AttributesGroups&id_attribute_group=1&way=1&position=2&token=a1",
        f"{LEGACY}Modules&configure=ps_imageslider&token=a1&changeStatus&id_slide=1",
        f"{LEGACY}Modules&configure=ps_imageslider&token=a1&delete_id_slide=1",
        f"{LEGACY}Login&logout=1&token=a1",
        f"{OFFICE}/configure/advanced/emails/delete/4?_token=a1",
        f"{OFFICE}/improve/design/modules-positions/unhook?moduleId=3&hookId=4&_token=a1",
        f"{OFFICE}/sell/orders/5/cart-rules/2/delete?_token=a1",
        f"{OFFICE}/sell/catalog/products/new?_token=a1",
        f"{OFFICE}/specific-price/delete/3",
        "/panier?add=1&id_product=5&token=a1",
    ],
)
def test_a_link_that_changes_the_site_is_refused(address: str) -> None:
    assert refused(address)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?p=12&preview=true&preview_nonce=a1",
        "/?s=sablés",
        "/wp-json/wp/v2/posts?status=draft&context=edit",
        "/wp-admin/",
        "/wp-admin/post.php?post=12&action=edit",
        "/wp-admin/comment.php?action=editcomment&c=3",
        "/wp-admin/edit.php?post_status=trash&post_type=page",
        "/wp-admin/edit.php?s=a&post_status=all&post_type=post&_wpnonce=a1&action=-1&m=0&cat=0&filter_action=Filtrer&paged=1&action2=-1",
        "/wp-admin/edit-comments.php?comment_status=moderated",
        "/wp-admin/plugins.php?plugin_status=active",
        "/wp-admin/user-edit.php?user_id=2&wp_http_referer=%2Fwp-admin%2Fusers.php",
        "/wp-admin/revision.php?revision=14",
        "/wp-admin/nav-menus.php?action=edit&menu=3",
        "/wp-admin/term.php?taxonomy=category&tag_ID=4&post_type=post",
        "/wp-admin/customize.php?return=%2Fwp-admin%2F",
        "/wp-admin/upload.php?mode=list",
        "/wp-admin/admin.php?page=wpseo_dashboard",
        "/gestion/",
        f"{LEGACY}CartRules&id_cart_rule=2&updatecart_rule&token=a1",
        f"{LEGACY}CartRules&addcart_rule&token=a1",
        f"{LEGACY}CartRules&cart_ruleOrderby=position&cart_ruleOrderway=asc&token=a1",
        f"{LEGACY}Groups&id_group=2&viewgroup&token=a1",
        f"{LEGACY}CartRules&submitFiltercart_rule=2&token=a1",
        f"{LEGACY}Modules&configure=ps_mainmenu&token=a1",
        f"{OFFICE}/sell/catalog/products/7?_token=a1",
        f"{OFFICE}/sell/catalog/products?_token=a1",
        f"{OFFICE}/sell/catalog/categories/12/edit?_token=a1",
        f"{OFFICE}/sell/orders/5/view?_token=a1",
        f"{OFFICE}/improve/design/modules-positions/?_token=a1",
        f"{OFFICE}/sell/customers/2/view?_token=a1",
        "/3-sables?order=product.price.asc&resultsPerPage=20",
        "/recherche?controller=search&s=sablé",
    ],
)
def test_a_screen_that_only_shows_stays_open(address: str) -> None:
    assert not refused(address)


def test_the_line_that_opens_an_archive_names_a_browser_that_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if name == "google-chrome" else None)
    view = View("0123", "http://poste-07.examen.test", "127.0.0.1:40001")
    assert view.browser.startswith("google-chrome --user-data-dir=")
    assert '"MAP poste-07.examen.test 127.0.0.1:40001"' in view.browser


@pytest.mark.parametrize(
    ("signature", "said"),
    [
        ("known", ""),
        ("", ""),  # an earlier version opened it
        ("unsigned", "Cette archive est non signée"),
        ("unknown", "Cette archive est signée par une clé que cette machine ne connaît pas"),
    ],
)
def test_who_opens_an_archive_learns_that_nobody_of_this_machine_signed_it(
    signature: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = FakeEngine()
    labels = {
        "e5b.kind": "view-door",
        "e5b.view": "0123",
        "e5b.address": "http://localhost:8101",
        "e5b.door": "localhost:8101",
    }
    if signature:
        view = View("0123", labels["e5b.address"], labels["e5b.door"], signature=signature)
        labels = _door_labels(labels, view)
    engine.start(engine.create(ContainerSpec("porte", "i", labels)))
    monkeypatch.setattr(resources, "centre", lambda **_: centre_of(engine, tmp_path))
    assert commands.open_(None) == 0
    printed = capsys.readouterr().out
    assert (said in printed) if said else ("Cette archive est" not in printed)
    assert commands.open_(None, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["views"][0]["signature"] == (signature or None)


def centre_of(engine: FakeEngine, folder: Path) -> Centre:
    state = State(Paths(folder / "cache", folder / "state", folder / "e5b.toml"))
    return Centre(engine, Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3))


def leave(engine: FakeEngine, left: str, name: str, owner: dict[str, str]) -> None:
    """Has the engine that part of an opened archive, as a killed command leaves it."""
    mine = {"e5b.view": name, **owner}
    if left == "guard":
        labels = {"e5b.kind": "guard", "e5b.room": f"vue-{name}", **owner}
        engine.start(engine.create(ContainerSpec(f"garde {name}", "i", labels)))
    elif left == "image":
        engine.kept_images[name] = ImageState(name, {"e5b.kind": "view", **mine}, "2026-05-21T10:00:00Z", 0)
    elif left == "network":
        engine.create_network(f"e5b-vue-{name}", "10.0.0.0/29", {"e5b.kind": "view-network", **mine})
    else:
        engine.create(ContainerSpec(f"poste {name}", "i", {"e5b.kind": "view", **mine}))


PARTS = ["guard", "image", "network", "station"]


@pytest.mark.parametrize("left", PARTS)
def test_what_a_killed_open_or_close_left_is_closed(left: str, tmp_path: Path) -> None:
    engine = FakeEngine()
    centre = centre_of(engine, tmp_path)
    leave(engine, left, "12-wordpress-a", {"e5b.owner": centre.state.id})
    assert close(centre, []) == ["12-wordpress-a"]
    assert (engine.boxes, engine.kept_images, engine.nets) == ({}, {}, {})
    assert close(centre, []) == []


@pytest.mark.parametrize("owner", [{"e5b.owner": "another"}, {}], ids=["another folder's", "an earlier version's"])
@pytest.mark.parametrize("left", PARTS)
def test_what_another_opened_is_closed_by_its_name_alone(left: str, owner: dict[str, str], tmp_path: Path) -> None:
    engine = FakeEngine()
    centre = centre_of(engine, tmp_path)
    leave(engine, left, "ab12", owner)
    leave(engine, "station", "cd34", {"e5b.owner": centre.state.id})
    assert others(centre) == ["ab12"]
    assert close(centre, []) == ["cd34"]
    assert others(centre) == ["ab12"]
    assert close(centre, ["ab12"]) == ["ab12"]
    assert (engine.boxes, engine.kept_images, engine.nets) == ({}, {}, {})
