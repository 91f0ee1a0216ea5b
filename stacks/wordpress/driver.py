"""WordPress: how it is installed, seeded, read back and signed in to."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provisioner.build.driver import Driver, Inside, SignedIn
from provisioner.core.errors import StationNotReady
from provisioner.core.model import Credentials, Stack
from stacks.wordpress import english

if TYPE_CHECKING:
    from playwright.sync_api import Page

SITE = "/var/www/html"
WORKSHOP = "/opt/e5b/workshop"

_SHEETS = {
    "pages+posts+media": re.compile(r"/post\.php\?post=(\d+)&"),
    "comments": re.compile(r"&c=(\d+)"),
    "categories+tags": re.compile(r"&tag_ID=(\d+)"),
    "users": re.compile(r"user_id=(\d+)|/profile\.php$"),
}
# Nothing leads to the tags: the themes name none.
_PUBLIC = {
    "pages+posts": re.compile(r"^/(?!category/|author/)(?:[\w-]+/)*([\w-]+)/$"),
    "categories": re.compile(r"^/category/(?:[\w-]+/)*([\w-]+)/$"),
}


# A pop-up of Spectra covers each page until the visitor closes it. What it is worth is said by the check that is about pop-ups,
# which has them stay, by `sessionStorage`; the candidate's site may do so too, and is then covered as he left it.
_CLOSE_POPUPS = """addEventListener('DOMContentLoaded', () => {
    try { if (sessionStorage.getItem('e5b-popups')) return; } catch { }
    for (const popup of document.querySelectorAll('.wp-block-uagb-popup-builder')) popup.remove();
}, {capture: true, once: true});"""


class WordPress:
    """See provisioner.build.driver.Driver."""

    office = "/wp-admin/"
    shown = re.compile(r"^/(?!wp-(?:admin|login|json)|xmlrpc)(?!(?:.*/)?feed/)[^?]*$")
    office_shown = re.compile(
        r"^/wp-admin/(?:(?:index|edit|upload|edit-comments|users|nav-menus|widgets|themes|plugins|options-\w+|edit-tags"
        r"|profile|tools|site-health|post-new|media-new|user-new|customize)\.php"
        r"(?:\?(?:(?:post_type|taxonomy|mode|comment_status|paged)=\w+&?)+)?|admin\.php\?page=\w+"
        r"|(?:post\.php\?post=\d+&action=edit|term\.php\?taxonomy=\w+&tag_ID=\d+&post_type=\w+"
        r"|comment\.php\?action=editcomment&c=\d+|user-edit\.php\?user_id=\d+))(?=(?:&wp_http_referer=[^&]*)?$)"
    )
    office_shut = re.compile(r"^/wp-login\.php")
    # Beside them, install.php, upgrade.php and what only carries styles and scripts answer anybody.
    office_inside = re.compile(
        r"^/wp-admin/(?:(?:index|edit|post|post-new|upload|media-new|edit-comments|comment|users|user-new|user-edit|profile"
        r"|nav-menus|widgets|themes|customize|plugins|options-\w+|edit-tags|term|tools|site-health|admin)\.php)?(?:\?|$)"
    )
    # The last is the text of an article in a list, which Astra leaves out since 4.6.
    hollow: tuple[str, ...] = ("wp-block-spacer", "ast-desktop-header-content", "entry-content clear")
    english_names = english.NAMES
    english_screens = english.SCREENS
    sheets: Mapping[str, re.Pattern[str]] = _SHEETS
    own_sheets: Mapping[str, int] = {}
    public: Mapping[str, re.Pattern[str]] = _PUBLIC
    on_arrival = _CLOSE_POPUPS

    def candidate(self, company: Mapping[str, object]) -> str:
        """See Driver."""
        return "candidat"

    def menus(self, seed: Mapping[str, Any]) -> list[list[str]]:
        """See Driver."""
        titles = {page["slug"]: page["title"] for page in seed["pages"]}
        return [
            [item.get("title") or titles[item["page"]] for item in menu["items"]]
            for menu in seed["menus"]
            if menu["locations"]
        ]

    def install(
        self, inside: Inside, stack: Stack, archives: Mapping[str, Path], company: Mapping[str, Any], time_zone: str
    ) -> None:
        """See Driver."""
        inside.run("mkdir", "-p", WORKSHOP)
        for name, archive in archives.items():
            inside.put(WORKSHOP, {f"{name}.archive": archive})
        inside.run("bash", "-euc", _TRIAL if "wordpress-builds" in archives else _PINNED)
        pinned = {
            name.removeprefix("plugin "): pin for name, pin in stack.versions.items() if name.startswith("plugin ")
        }
        for plugin in pinned:
            inside.run("unzip", "-qo", f"{WORKSHOP}/{plugin}.archive", "-d", f"{SITE}/wp-content/plugins")
            if f"{plugin}-fr" in archives:
                inside.run(
                    "unzip", "-qo", f"{WORKSHOP}/{plugin}-fr.archive", "-d", f"{SITE}/wp-content/languages/plugins"
                )
        inside.run("bash", "-euc", _COMMON)
        plan = {
            "title": company["name"],
            "theme": stack.theme,
            "plugins": [plugin for plugin, pin in pinned.items() if pin.endswith("(activée)")],
            "candidate": {"user": self.candidate(company), "email": f"{self.candidate(company)}@{company['domain']}"},
            "time_zone": time_zone,
        }
        inside.run("php", "/opt/e5b/install.php", stdin=json.dumps(plan).encode(), user="www-data")

    def seed(self, inside: Inside, stack: Stack, scenario: Path) -> None:
        """See Driver."""
        seed = load_seed(scenario / "wordpress")
        inside.put(WORKSHOP, {"media": scenario / "media"})
        inside.run("php", "/opt/e5b/seed.php", stdin=json.dumps(seed).encode(), user="www-data")
        # Cron last: it answers before it does its errands, and would write beside the pages after it.
        inside.run("/opt/e5b/first-visit", "http://e5b.invalid", "/wp-login.php", "/wp-json/", "/wp-cron.php")

    def versions(self, inside: Inside) -> dict[str, str]:
        """See Driver."""
        return {name: str(version) for name, version in inside.ask("versions.php", {}).items()}

    def log_in(self, page: "Page", address: str, credentials: Credentials) -> None:
        """See Driver."""
        page.goto(f"{address}/wp-login.php")
        # The page's own script moves the focus there a moment after it has loaded.
        page.locator("#user_login:focus").wait_for()
        page.locator("#user_login").fill(credentials.user)
        page.locator("#user_pass").fill(credentials.password)
        page.locator("#wp-submit").click()
        page.locator("#wpadminbar, #login_error").first.wait_for(state="attached")
        if page.locator("#login_error").count():
            raise StationNotReady(f"Le poste refuse l'identifiant {credentials.user} : {page.title()}.")

    def sign_in(self, inside: Inside, role: str, address: str) -> SignedIn:
        """See Driver."""
        return SignedIn.read(inside.ask("sign-in.php", {"role": role, "address": address}))


def load_seed(folder: Path) -> dict[str, Any]:
    """The seed of a scenario: seed.toml, and for each page and post its text in texts/<slug>.html."""
    seed = tomllib.loads((folder / "seed.toml").read_text(encoding="utf-8"))
    for table in ("pages", "posts"):
        for row in seed.get(table, []):
            row["content"] = (folder / "texts" / f"{row['slug']}.html").read_text(encoding="utf-8")
    return seed


# The archives as the vendors publish them.
_PINNED = f"""
tar xzf {WORKSHOP}/wordpress.archive -C {SITE} --strip-components=1
mkdir -p {SITE}/wp-content/languages/themes {SITE}/wp-content/languages/plugins
unzip -qo {WORKSHOP}/wordpress-fr.archive -d {SITE}/wp-content/languages
unzip -qo {WORKSHOP}/astra.archive -d {SITE}/wp-content/themes
unzip -qo {WORKSHOP}/astra-fr.archive -d {SITE}/wp-content/languages/themes
"""

# The core out of the npm package, theme and French out of Debian's.
_TRIAL = f"""
mkdir {WORKSHOP}/npm
tar xzf {WORKSHOP}/wordpress-builds.archive -C {WORKSHOP}/npm \\
    package/public/wp-6.4 package/src/wordpress/wp-6.4.zip
cp -r {WORKSHOP}/npm/package/public/wp-6.4/. {SITE}/
unzip -qo {WORKSHOP}/npm/package/src/wordpress/wp-6.4.zip -d {SITE}
rm -rf {SITE}/wordpress-remote-asset-paths {SITE}/wp-content/database {SITE}/wp-content/mu-plugins \\
    {SITE}/wp-content/db.php {SITE}/wp-content/plugins/sqlite-database-integration
mkdir -p {SITE}/wp-content/languages/themes {SITE}/wp-content/themes {SITE}/wp-content/plugins
cp -r /opt/debian/usr/share/wordpress/wp-content/themes/twentytwentyone {SITE}/wp-content/themes/
cp /opt/debian/usr/share/wordpress/wp-content/languages/*fr_FR.mo {SITE}/wp-content/languages/
"""

_COMMON = f"""
install -m 0644 /opt/e5b/wp-config.php {SITE}/wp-config.php
mkdir -p {SITE}/wp-content/mu-plugins {SITE}/wp-content/uploads
cp /opt/e5b/mu-plugins/* {SITE}/wp-content/mu-plugins/
chown -R www-data:www-data {SITE}
mariadb -e "
CREATE DATABASE site CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
CREATE USER 'www-data'@'localhost' IDENTIFIED VIA unix_socket;
GRANT ALL PRIVILEGES ON site.* TO 'www-data'@'localhost';
"
"""

DRIVER: Driver = WordPress()
