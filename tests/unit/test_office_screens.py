"""What the round of a back office opens, and what it must never ask for."""

import pytest

from provisioner.build.driver import driver_of

SHOP, SITE = driver_of("prestashop-2024").office_shown, driver_of("wordpress-2024").office_shown
INDEX = "/gestion/index.php"


@pytest.mark.parametrize(
    "path",
    [
        "/sell/catalog/products?_token=a-b",
        "/sell/catalog/products/20/20?controller_type=0&controller_name=A%5CB&_route=admin_product_catalog&_token=a",
        "/sell/catalog/products/20/20/last/last?_token=a",
        "/sell/catalog/products/7?_token=a",
        "/sell/catalog/categories?_token=a",
        "/sell/orders/?order%5Boffset%5D=50&order%5Blimit%5D=50&_token=a",
        "/sell/orders/40/view?_token=a",
        "/sell/customers/3/edit?_token=a",
        "?controller=AdminCartRules&updatecart_rule=&id_cart_rule=2&token=a1",
        "?controller=AdminCustomerThreads&id_customer_thread=2&viewcustomer_thread=1&token=a1",
        "?controller=AdminCarrierWizard&id_carrier=7&token=a1",
        "?controller=AdminModules&configure=ps_banner&token=a1",
    ],
)
def test_the_round_opens_the_shops_lists_and_sheets(path: str) -> None:
    assert SHOP.search(INDEX + path)


@pytest.mark.parametrize(
    "path",
    [
        "/sell/catalog/products/?_token=a.b-c.d",
        "/sell/catalog/products/7/edit?_token=a.b-c.d",
        "/index.php/sell/orders/40/view?_token=a.b-c.d",
        "/?controller=AdminCartRules&updatecart_rule=&id_cart_rule=2&token=a.b-c.d",
    ],
)
def test_the_round_opens_those_of_prestashop_9_too(path: str) -> None:
    assert SHOP.search(f"/gestion{path}")


@pytest.mark.parametrize(
    "path",
    ["/logout?_token=a", "/sell/orders/3/generate-invoice-pdf?_token=a", "/sell/catalog/products/create?_token=a"],
)
def test_the_round_changes_nothing_in_prestashop_9(path: str) -> None:
    assert not SHOP.search(f"/gestion{path}")


@pytest.mark.parametrize(
    "path",
    [
        "/sell/catalog/products/unit/delete/7?_token=a",
        "/sell/catalog/products/unit/duplicate/7?_token=a",
        "/sell/catalog/products/virtual/remove-file/7?_token=a",
        "/sell/catalog/products/new?_token=a",
        "/sell/orders/3/generate-invoice-pdf?_token=a",
        "/configure/advanced/performance/clear-cache?_token=a",
        "/improve/design/modules/positions/unhook?moduleId=3&hookId=4&_token=a",
        "/improve/modules/addons/logout?_token=a",
        "?controller=AdminLogin&logout=1&token=a1",
        "?controller=AdminCarriers&id_carrier=7&statuscarrier&token=a1",
        "?controller=AdminCartRules&id_cart_rule=2&deletecart_rule=1&token=a1",
        "?controller=AdminModules&install=gapi&token=a1",
        "?controller=AdminCountries&updatecountry=&id_country=7&token=a1",
    ],
)
def test_the_round_of_the_shop_changes_nothing(path: str) -> None:
    assert not SHOP.search(INDEX + path)


@pytest.mark.parametrize(
    "path",
    [
        "edit.php?post_type=page&paged=2",
        "upload.php?mode=list&paged=3",
        "edit-comments.php?comment_status=spam",
        "post.php?post=12&action=edit",
        "term.php?taxonomy=category&tag_ID=3&post_type=post&wp_http_referer=%2Fwp-admin%2Fedit-tags.php",
        "comment.php?action=editcomment&c=4",
        "user-edit.php?user_id=2&wp_http_referer=%2Fwp-admin%2Fusers.php",
    ],
)
def test_the_round_opens_the_sites_lists_and_sheets(path: str) -> None:
    assert SITE.search(f"/wp-admin/{path}")


@pytest.mark.parametrize(
    "path",
    [
        "post.php?post=12&action=trash&_wpnonce=a",
        "comment.php?action=trashcomment&c=4&_wpnonce=a",
        "users.php?action=delete&user=2",
        "plugins.php?action=deactivate&plugin=x",
        "edit.php?post_type=page&action=trash",
    ],
)
def test_the_round_of_the_site_changes_nothing(path: str) -> None:
    assert not SITE.search(f"/wp-admin/{path}")
