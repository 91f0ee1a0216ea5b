"""What differs between the CMS in tests that are the same for all: where things are, and what they are called."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from provisioner.core.model import Credentials
from provisioner.host.editions import stack_named

#: Pictures that are shown and didn't come.
BROKEN = """
() => [...document.images].filter(one => one.offsetParent && one.complete && one.currentSrc && !one.naturalWidth)
    .map(one => one.currentSrc)
"""


@dataclass(frozen=True)
class Cms:
    """`closed` sends away whom it doesn't know; `form` is what the log-in page sends; `inside` and the element
    `on_every_page` show the back office.

    `menu` are the links of its menu; `nags` is what a station never shows: tours, news, offers, new versions;
    `change` is a row of `table` altered, `zone` and `key` PHP that writes the time zone, and what the site's
    cookies are sealed with. In SQL: `title` calls the site "Kept",
    `departed` gives the candidate's account another name and password, and `nobody` leaves no account at all.
    `lookups` are names that its screens look up, by which nothing goes out.
    `fetch` is PHP that has the site's server ask for `{url}`, `writes` PHP by which the site writes to client@courriel.test.
    `listed` leads from the office to one of its lists; there, `shows` is the link to a sheet, and `acts` are links
    that change what is listed. `extension` is the link that activates the one of its `extensions` that subjects ask for,
    `activates` PHP that does so.
    """

    login: str
    closed: str
    posted: str
    form: Mapping[str, str]
    user: str
    password: str
    inside: str
    on_every_page: str
    administrator: str
    menu: str
    foreign: tuple[str, ...]
    fonts: tuple[str, ...]
    nags: str
    uploads: str
    table: str
    change: str
    zone: str
    key: str
    title: str
    departed: str
    nobody: str
    lookups: tuple[str, ...]
    fetch: str
    writes: str
    listed: str
    shows: str
    acts: tuple[str, ...]
    extensions: str = ""
    extension: str = ""
    activates: str = ""

    def sign_in(self, client: httpx.Client, mine: Credentials) -> httpx.Response:
        """The page after the log-in form."""
        client.get(self.login)
        return client.post(self.posted, data={**self.form, self.user: mine.user, self.password: mine.password})


def browsing(address: str) -> httpx.Client:
    """A client that behaves as a browser would, as far as signing in goes."""
    return httpx.Client(base_url=address, timeout=60, trust_env=False, follow_redirects=True)


_WORDPRESS = Cms(
    login="/wp-login.php",
    closed="/wp-admin",
    posted="/wp-login.php",
    form={"testcookie": "1"},
    user="log",
    password="pwd",
    inside='id="wpadminbar"',
    on_every_page="#wpadminbar, #customize-controls",
    administrator="users.php",
    menu="#adminmenu a[href]",
    foreign=("gravatar.com", "s.w.org", "update-nag", "update-core.php"),
    fonts=(),
    nags=".edit-post-welcome-guide, .edit-widgets-welcome-guide, .update-nag, .update-plugins:not(#toplevel_page_wpseo_dashboard *), .plugin-update-tr, "
    "#update-translations, a[href*='update-core.php']",
    uploads="/var/www/html/wp-content/uploads",
    table="wp_posts",
    change="update wp_posts set post_title='X' limit 1",
    zone="require '/var/www/html/wp-load.php'; echo wp_timezone_string();",
    key="require '/var/www/html/wp-load.php'; echo AUTH_KEY;",
    title="update wp_options set option_value='Kept' where option_name='blogname'",
    departed="update wp_users set user_login='parti', user_pass='x' where user_login='candidat'",
    nobody="delete from wp_users",
    lookups=("api.wordpress.org",),  # the screen of the site's health shows its address
    fetch="require '/var/www/html/wp-load.php'; wp_remote_get('{url}');",
    writes="require '/var/www/html/wp-load.php'; var_dump(wp_mail('client@courriel.test', 'Mot de passe', 'Texte'));",
    listed=r'href=["\'](edit\.php)["\']',
    shows=r'href="([^"]*post\.php\?post=\d+&action=edit)"',
    acts=(r'href="([^"]*post\.php\?post=\d+&action=trash&[^"]*)"',),
    extensions="/wp-admin/plugins.php",
    extension="tr[data-plugin='wordpress-seo/wp-seo.php'] .activate a",
    activates="require '/var/www/html/wp-load.php'; require_once ABSPATH . 'wp-admin/includes/plugin.php'; "
    "activate_plugin('wordpress-seo/wp-seo.php');",
)
_PRESTASHOP = Cms(
    login="/gestion/",
    closed="/gestion",
    posted="/gestion/index.php?controller=AdminLogin",
    form={"submitLogin": "1"},
    user="email",
    password="passwd",
    inside='id="header_infos"',
    on_every_page="#header_infos",
    administrator="advanced/employees",
    menu="nav.nav-bar a[href]",
    foreign=("profile.prestashop.com", "api.prestashop.com", "fonts.googleapis.com", "dash_news", "onboarding"),
    fonts=("Material Icons", "Open Sans"),
    nags=".onboarding, #onboarding-content, .onboarding-navbar, #dashnews, #dash_news, #shop_version_update, "
    "#blockNewVersionCheck, a[href*='addons.prestashop.com']",
    uploads="/var/www/html/upload",
    table="ps_product_lang",
    change="update ps_product_lang set name='X' limit 1",
    zone="require '/var/www/html/config/config.inc.php'; echo date_default_timezone_get();",
    key="require '/var/www/html/config/config.inc.php'; echo _NEW_COOKIE_KEY_;",
    title="update ps_configuration set value='Kept' where name='PS_SHOP_NAME'",
    departed="update ps_employee set email='parti@courriel.test', passwd='x' "
    "where email='candidat@biscuiterie.examen.test'",
    nobody="delete from ps_employee",
    lookups=(),
    fetch="require '/var/www/html/config/config.inc.php'; Tools::file_get_contents('{url}');",
    writes="require '/var/www/html/config/config.inc.php'; Context::getContext()->link = new Link(); var_dump((bool) Mail::Send("
    "(int) Configuration::get('PS_LANG_DEFAULT'), 'reply_msg', 'Votre question', ['{reply}' => 'Texte', '{link}' => '', "
    "'{firstname}' => 'A', '{lastname}' => 'B'], 'client@courriel.test'));",
    listed=r'href="([^"]*controller=AdminCartRules&token=[^"&]*)"',
    shows=r'href="([^"]*updatecart_rule[^"]*)"',
    acts=(r'href="([^"]*statuscart_rule[^"]*)"', r"'([^']*deletecart_rule[^']*)'"),
)


def cms_of(stack: str) -> Cms:
    """By a stack's id."""
    return {"wordpress": _WORDPRESS, "prestashop": _PRESTASHOP}[stack_named(stack).cms]
