"""What differs between the CMS in tests that are the same for all: where things are, and what they are called."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from provisioner.config import stack_named
from provisioner.model import Credentials


@dataclass(frozen=True)
class Cms:
    """`form` is what the log-in page sends; `inside` and the element `on_every_page` show the back office.

    `menu` are the links of its menu; `change` is a row of `table` altered, `zone` and `key` PHP that
    writes the time zone, and what the site's cookies are sealed with.
    """

    login: str
    posted: str
    form: Mapping[str, str]
    user: str
    password: str
    inside: str
    on_every_page: str
    administrator: str
    menu: str
    foreign: tuple[str, ...]
    uploads: str
    table: str
    change: str
    zone: str
    key: str

    def sign_in(self, client: httpx.Client, mine: Credentials) -> httpx.Response:
        """The page after the log-in form."""
        client.get(self.login)
        return client.post(self.posted, data={**self.form, self.user: mine.user, self.password: mine.password})


def browsing(address: str) -> httpx.Client:
    """A client that behaves as a browser would, as far as signing in goes."""
    return httpx.Client(base_url=address, timeout=60, trust_env=False, follow_redirects=True)


_WORDPRESS = Cms(
    login="/wp-login.php",
    posted="/wp-login.php",
    form={"testcookie": "1"},
    user="log",
    password="pwd",
    inside='id="wpadminbar"',
    on_every_page="#wpadminbar, #customize-controls",
    administrator="users.php",
    menu="#adminmenu a[href]",
    foreign=("gravatar.com", "s.w.org", "update-nag", "update-core.php"),
    uploads="/var/www/html/wp-content/uploads",
    table="wp_posts",
    change="update wp_posts set post_title='X' limit 1",
    zone="require '/var/www/html/wp-load.php'; echo wp_timezone_string();",
    key="require '/var/www/html/wp-load.php'; echo AUTH_KEY;",
)
_PRESTASHOP = Cms(
    login="/gestion/",
    posted="/gestion/index.php?controller=AdminLogin",
    form={"submitLogin": "1"},
    user="email",
    password="passwd",
    inside='id="header_infos"',
    on_every_page="#header_infos",
    administrator="advanced/employees",
    menu="nav.nav-bar a[href]",
    foreign=("profile.prestashop.com", "api.prestashop.com", "fonts.googleapis.com", "dash_news", "onboarding"),
    uploads="/var/www/html/upload",
    table="ps_product_lang",
    change="update ps_product_lang set name='X' limit 1",
    zone="require '/var/www/html/config/config.inc.php'; echo date_default_timezone_get();",
    key="require '/var/www/html/config/config.inc.php'; echo _NEW_COOKIE_KEY_;",
)


def cms_of(stack: str) -> Cms:
    """By a stack's id."""
    return {"wordpress": _WORDPRESS, "prestashop": _PRESTASHOP}[stack_named(stack).cms]
