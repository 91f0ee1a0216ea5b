"""What other questions, or other roads, leave on a site: settings, contents and widgets as WordPress stores them.

Roads begin with these: nothing is clicked, the signed-in page asks the site's REST interface, or the Customizer's own
script. A road that must show what a screen does goes through that screen instead.
"""

from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Page

from checks.wordpress.reading.answers import Kind
from checks.wordpress.screens import widget_editor
from checks.wordpress.screens.customizer import Customizer
from checks.wordpress.screens.office import office
from provisioner.subject.check import Desk

# What the REST interface answers; a refusal ends the road.
_ASK = """async ([route, method, body]) => {
    const nonce = await (await fetch('/wp-admin/admin-ajax.php?action=rest-nonce')).text();
    const [path, query] = route.split('?');
    const answer = await fetch(`/index.php?rest_route=/${path}` + (query ? `&${query}` : ''), {
        method, headers: {'X-WP-Nonce': nonce, 'Content-Type': 'application/json'}, body: body && JSON.stringify(body)});
    const found = await answer.json();
    if (!answer.ok) throw new Error(`${route}: ${found.message}`);
    return found;
}"""


def then(*acts: Callable[[Desk], object]) -> Callable[[Desk], None]:
    """One act after the other."""

    def run(desk: Desk) -> None:
        for act in acts:
            act(desk)

    return run


def settings(desk: Desk, values: Mapping[str, object]) -> None:
    """Settings of the site by their REST names: "title", "show_on_front", "page_for_posts"…"""
    _send(desk, "wp/v2/settings", values)


def posts_page_emptied(desk: Desk) -> None:
    """No page of the articles any more, as a question on the front page may leave it."""
    settings(desk, {"page_for_posts": 0})


def latest_in_front(desk: Desk) -> None:
    """The front page shows the latest articles."""
    settings(desk, {"show_on_front": "posts"})


def plain_permalinks(desk: Desk) -> None:
    """Addresses by numbers ("/?p=12")."""
    page = office(desk, "options-permalink.php")
    page.locator("input[name=selection][value='']").first.check()
    page.locator("#submit").click()
    page.locator("#setting-error-settings_updated, .notice-success").first.wait_for()


def content(desk: Desk, slug: str, values: Mapping[str, object]) -> None:
    """Values of a content by their REST names: "status", "title", "slug", "content", "meta"…"""
    route, number = _find(desk, slug)
    _send(desk, f"wp/v2/{route}/{number}", values)


def trashed(desk: Desk, slug: str, for_good: bool = False) -> None:
    """A content in the bin, or deleted for good."""
    route, number = _find(desk, slug)
    _send(desk, f"wp/v2/{route}/{number}" + "?force=true" * for_good, None, "DELETE")


def text_added(desk: Desk, slug: str, html: str) -> None:
    """Blocks below what a content has."""
    route, number = _find(desk, slug)
    raw = _send(desk, f"wp/v2/{route}/{number}?context=edit&_fields=content", None, "GET")["content"]["raw"]
    _send(desk, f"wp/v2/{route}/{number}", {"content": f"{raw}\n\n{html}"})


def new_content(desk: Desk, kind: Kind, title: str, html: str) -> int:
    """A content that is published at once; its number."""
    values = {"title": title, "content": html, "status": "publish"}
    return int(_send(desk, f"wp/v2/{kind}s", values)["id"])


def widget(desk: Desk, place: str, html: str) -> None:
    """A block at the end of a place of widgets."""
    screen = widget_editor.WidgetScreen.open(desk, place)
    screen.insert(place, html)
    screen.save()


def widget_removed(desk: Desk, place: str, holding: str) -> None:
    """Take the widgets out of a place whose blocks hold this."""
    for row in _rows(desk, f"wp/v2/widgets?context=edit&sidebar={place}"):
        if holding in ((row.get("instance") or {}).get("raw") or {}).get("content", ""):
            _send(desk, f"wp/v2/widgets/{row['id']}?force=true", None, "DELETE")


def theme(desk: Desk, values: Mapping[str, object]) -> None:
    """Settings of Astra by their names, set and published in the Customizer."""
    customizer = Customizer.open(desk, section="title_tagline")
    for name, value in values.items():
        customizer.page.evaluate("([name, value]) => wp.customize(`astra-settings[${name}]`).set(value)", [name, value])
    customizer.publish()


def css_added(desk: Desk, rules: str) -> None:
    """Rules at the end of the additional CSS."""
    customizer = Customizer.open(desk, section="custom_css")
    customizer.page.evaluate(
        """rules => {
            const setting = wp.customize(`custom_css[${wp.customize.settings.theme.stylesheet}]`);
            setting.set(`${setting.get()}\n${rules}`);
        }""",
        rules,
    )
    customizer.publish()


def no_column(desk: Desk) -> None:
    """No side column anywhere."""
    places = ("site", "single-post", "single-page", "archive-post")
    theme(desk, {f"{place}-sidebar-layout": "no-sidebar" for place in places})


def out_of_header(desk: Desk, element: str, device: str = "desktop") -> None:
    """An element of Astra's taken out of all rows of the header."""
    customizer = Customizer.open(desk, section="title_tagline")
    customizer.page.evaluate(
        """([element, device]) => {
            const setting = wp.customize(`astra-settings[header-${device}-items]`);
            const rows = JSON.parse(JSON.stringify(setting.get()));
            for (const places of Object.values(rows)) for (const [place, items] of Object.entries(places || {}))
                if (Array.isArray(items)) places[place] = items.filter(item => item !== element);
            rows.flag = !rows.flag;
            setting.set(rows);
        }""",
        [element, device],
    )
    customizer.publish()


def header_widget(desk: Desk, html: str, row: str = "above") -> None:
    """A block in the header, by Astra's element for widgets."""
    screen = widget_editor.header_widget(desk, f"{row}_left")
    screen.insert("header-widget-1", html)
    screen.save()


def media(desk: Desk, slug: str) -> dict[str, Any]:
    """A file of the library."""
    return _rows(desk, f"wp/v2/media?slug={slug}")[0]


def _find(desk: Desk, slug: str) -> tuple[str, int]:
    for route in ("pages", "posts"):
        if rows := _rows(desk, f"wp/v2/{route}?context=edit&status=any&slug={slug}&_fields=id"):
            return route, rows[0]["id"]
    raise LookupError(slug)


def _rows(desk: Desk, route: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _asking(desk).evaluate(_ASK, [route, "GET", None])
    return rows


def _send(desk: Desk, route: str, values: Mapping[str, object] | None, method: str = "POST") -> dict[str, Any]:
    answer: dict[str, Any] = _asking(desk).evaluate(_ASK, [route, method, values and dict(values)])
    return answer


def _asking(desk: Desk) -> Page:
    page = desk.sign_in()
    return page if "/wp-admin/" in page.url else office(desk, "profile.php")
