"""PrestaShop: how it is installed, seeded, read back and signed in to."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provisioner.build.driver import Driver, Inside, SignedIn
from provisioner.core.errors import StationNotReady
from provisioner.core.model import Credentials, Stack
from provisioner.host.toml_files import read_toml
from stacks.prestashop import agenda, english

if TYPE_CHECKING:
    from playwright.sync_api import Page

SITE = "/var/www/html"
WORKSHOP = "/opt/e5b/workshop"
#: The back office's folder. PrestaShop wants another name than `admin`; here it is the same everywhere.
OFFICE = "gestion"
#: Its addresses begin so; since PrestaShop 9, mostly without the file.
_ENTRY = rf"^/{OFFICE}(?:/index\.php)?"

_SHEETS = {
    "products": re.compile(r"/sell/catalog/products/(\d+)(?:/edit)?\?"),
    "orders": re.compile(r"/sell/orders/(\d+)/view"),
    "customers": re.compile(r"/sell/customers/(\d+)/edit"),
    "categories": re.compile(r"/sell/catalog/categories/(\d+)/edit"),
    "brands": re.compile(r"/sell/catalog/brands/(\d+)/edit"),
    "carriers": re.compile(r"(?:controller=AdminCarrier\w+&id_carrier=|/shipping/carriers/)(\d+)"),
    "cart_rules": re.compile(r"AdminCartRules&.*id_cart_rule=(\d+)&"),
    "catalogue_rules": re.compile(r"&id_specific_price_rule=(\d+)&"),
    "groups": re.compile(r"AdminGroups&.*id_group=(\d+)&"),
    "returns": re.compile(r"&id_order_return=(\d+)&"),
    "threads": re.compile(r"&id_customer_thread=(\d+)&"),
    "cms": re.compile(r"/cms-pages/(\d+)/edit"),
    "employees": re.compile(r"/employees/(\d+)/edit"),
}
# The category of the first page, the pick-up, visitors, guests and customers, the candidate.
_OWN_SHEETS = {"categories": 1, "carriers": 1, "groups": 3, "employees": 1}
_PUBLIC = {
    "products": re.compile(r"/\d+-(?:\d+-)?([\w-]+)\.html$"),
    "categories": re.compile(r"^/\d+-([\w-]+)$"),
    "brands": re.compile(r"^/brand/\d+-([\w-]+)$"),
    "cms": re.compile(r"^/content/\d+-([\w-]+)$"),
}


class PrestaShop:
    """See provisioner.build.driver.Driver."""

    on_arrival = ""
    office = f"/{OFFICE}/"
    shown = re.compile(rf"^/(?!{OFFICE}/)(?![^?]*deconnexion)[^?]*(?:\?(?:controller=[\w-]+|page=\d+))?$")
    office_shown = re.compile(
        # Lists, their further pages, and sheets. Much that acts looks like them: /unit/delete/3, /virtual/remove-file/3.
        rf"{_ENTRY}(?![^?]*/(?:unit|virtual)/)(?:/[a-z_-]+)*/(?:(?:products|categories|preferences|manage"
        rf"|payment_methods)|(?:[1-9]\d*(?:/(?:view|edit))?)?|products/\d+/\d+(?:/[a-z_]+){{0,2}})"
        rf"\?(?:(?:\w+%5B(?:offset|limit)%5D|controller_type|controller_name|_route)=[\w%]*&)*_token=[\w.-]+$"
        # Of the CMS's own countries, states and engines, the lists will do.
        rf"|^/{OFFICE}/(?:index\.php)?\?controller=Admin(?!Login)(?!(?:Countries|States|SearchEngines)&(?:id|update))\w+"
        rf"(?:&configure=\w+|(?:&(?:id_\w+|(?:update|view)\w+)(?:=\d*)?)*)&token=[\w.-]+$"
    )
    office_shut = re.compile(rf"{_ENTRY}(?:/?\?controller=AdminLogin|/login|/security/compromised)")
    office_inside = re.compile(
        rf"^/{OFFICE}(?:/index\.php(?=/(?!security/)[a-z_]+/|\?(?:.*&)?controller=Admin)"
        r"|(?=/(?:sell|improve|configure|common|modules)/|/\?(?:.*&)?controller=Admin))(?!.*AdminLogin)",
        re.IGNORECASE,
    )
    hollow: tuple[str, ...] = (
        "<div>",
        "<a> color",
        "carousel-indicators",
        "category-top-menu",
        "product-minimal-quantity",
        "product-discounts",
        "product-flags",
        "ps-alert-error",
    )
    english_names = english.NAMES
    english_screens = english.SCREENS
    sheets: Mapping[str, re.Pattern[str]] = _SHEETS
    own_sheets: Mapping[str, int] = _OWN_SHEETS
    public: Mapping[str, re.Pattern[str]] = _PUBLIC

    def candidate(self, company: Mapping[str, object]) -> str:
        """See Driver."""
        return f"candidat@{company['domain']}"

    def menus(self, seed: Mapping[str, Any]) -> list[list[str]]:
        """See Driver."""
        names = {category["slug"]: category["name"] for category in seed["categories"]}
        return [[names[slug] for slug in seed["menu"]]]

    def install(
        self, inside: Inside, stack: Stack, archives: Mapping[str, Path], company: Mapping[str, Any], time_zone: str
    ) -> None:
        """See Driver."""
        inside.run("mkdir", "-p", WORKSHOP)
        for name, archive in archives.items():
            inside.put(WORKSHOP, {f"{name}.archive": archive})
        inside.run("bash", "-euc", _UNPACK)
        # Without a configuration, OpenSSL makes no keys for the API of PrestaShop 9.
        inside.run(
            "env",
            "OPENSSL_CONF=/dev/null",
            "php",
            f"{SITE}/install/index_cli.php",
            "--step=database,modules,theme,postInstall",  # the last is of PrestaShop 9
            "--language=fr",
            "--country=fr",
            f"--timezone={time_zone}",
            "--domain=e5b.invalid",
            "--db_server=localhost",
            "--db_user=www-data",
            "--db_password=",
            "--db_name=site",
            "--db_clear=0",
            f"--name={company['name']}",
            "--firstname=Candidat",
            "--lastname=Examen",
            f"--email={self.candidate(company)}",
            "--password=replaced-at-start",
            f"--theme={stack.theme}",
            user="www-data",
        )
        inside.run("bash", "-euc", _SETTLE)

    def seed(self, inside: Inside, stack: Stack, scenario: Path) -> None:
        """See Driver."""
        now = datetime.fromisoformat(inside.run("date", "+%FT%T").decode().strip())
        shop = agenda.dated(read_toml(scenario / "prestashop/seed.toml"), now)
        seed = {"company": read_toml(scenario / "context.toml"), "seed": shop}
        inside.put(WORKSHOP, {"media": scenario / "media"})
        inside.run("php", "/opt/e5b/seed.php", stdin=json.dumps(seed).encode(), user="www-data")
        inside.run("php", "/opt/e5b/settle.php", user="www-data")
        inside.run("/opt/e5b/first-visit", "http://e5b.invalid", f"/{OFFICE}/", *_VISITED)

    def versions(self, inside: Inside) -> dict[str, str]:
        """See Driver."""
        return {name: str(version) for name, version in inside.ask("versions.php", {}).items()}

    def log_in(self, page: "Page", address: str, credentials: Credentials) -> None:
        """See Driver."""
        page.goto(f"{address}/{OFFICE}/")
        page.locator("#email").fill(credentials.user)
        page.locator("#passwd").fill(credentials.password)
        page.locator("#submit_login").click()
        page.locator("#header_infos, #error:visible").first.wait_for(state="attached", timeout=30_000)
        if page.locator("#error:visible").count():
            raise StationNotReady(f"Le poste refuse l'identifiant {credentials.user} : {page.title()}.")

    def sign_in(self, inside: Inside, role: str, address: str) -> SignedIn:
        """See Driver."""
        return SignedIn.read(inside.ask("sign-in.php", {"role": role, "address": address}))


_VISITED = ("/index.php?controller=authentication", "/index.php?controller=cart")

# The release holds a second archive with the shop itself. With the language's pack and its old form
# (whose contents nobody reads) in place, the installer asks nobody; without its module, no tour covers
# the dashboard.
_UNPACK = f"""
unzip -qo {WORKSHOP}/prestashop.archive prestashop.zip -d {WORKSHOP}
unzip -qo {WORKSHOP}/prestashop.zip -d {SITE}
rm -rf {SITE}/modules/welcome
cp {WORKSHOP}/prestashop-fr.archive {SITE}/translations/sf-fr-FR.zip
tar czf {SITE}/translations/fr.gzip -T /dev/null
chown -R www-data:www-data {SITE}
mariadb -e "
CREATE DATABASE site CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE USER 'www-data'@'localhost' IDENTIFIED VIA unix_socket;
GRANT ALL PRIVILEGES ON site.* TO 'www-data'@'localhost';
"
"""

_SETTLE = f"""
rm -rf {SITE}/install {SITE}/translations/fr.gzip {SITE}/translations/sf-fr-FR.zip {SITE}/var/cache/*
mv {SITE}/admin {SITE}/{OFFICE}
mv {SITE}/app/config/parameters.php /opt/e5b/installed-parameters.php
install -m 0644 -o www-data -g www-data /opt/e5b/parameters.php {SITE}/app/config/parameters.php
cp -r /opt/e5b/override/. {SITE}/override/
chown -R www-data:www-data {SITE}/override
php /opt/e5b/adapt.php
chown -R www-data:www-data {SITE}/{OFFICE}/themes
if [ -e {SITE}/app/AdminKernel.php ]; then
    tee -a /etc/php/*/*/conf.d/91-shop.ini >/dev/null </opt/e5b/php-9.ini
fi
"""

DRIVER: Driver = PrestaShop()
