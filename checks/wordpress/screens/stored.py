"""What another screen, an import or an extension would store: the site's own interface keeps it just the same.

The roads of a proof need work that no way foresees; most of it is stored here, in the candidate's name.
"""

import mimetypes
from collections.abc import Callable
from typing import Any

from checks.wordpress.reading.answers import Kind
from checks.wordpress.screens.office import office
from provisioner.subject.check import Desk

#: Asks the interface of the site in the name of whoever is signed in.
_ASK = """async ([route, data]) => {
    const nonce = await (await fetch('/wp-admin/admin-ajax.php?action=rest-nonce')).text();
    const headers = {'X-WP-Nonce': nonce, 'Content-Type': 'application/json'};
    const [path, query] = route.split('?');
    const sent = data ? {method: 'POST', headers, body: JSON.stringify(data)} : {headers};
    const answer = await fetch(`/index.php?rest_route=/wp/v2/${path}` + (query ? `&${query}` : ''), sent);
    if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
    return answer.json();
}"""
#: Brings a file of the site into its library once more, under another name.
_BRING = """async ([source, name, type]) => {
    const nonce = await (await fetch('/wp-admin/admin-ajax.php?action=rest-nonce')).text();
    const bytes = await (await fetch(source)).arrayBuffer();
    const headers = {'X-WP-Nonce': nonce, 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}"`};
    const answer = await fetch('/index.php?rest_route=/wp/v2/media', {method: 'POST', headers, body: new Blob([bytes])});
    if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
    return answer.json();
}"""


def listed(desk: Desk, route: str) -> list[dict[str, Any]]:
    """The rows of a collection: listed(desk, "categories?per_page=100")."""
    found: list[dict[str, Any]] = office(desk, "index.php").evaluate(_ASK, [route, None])
    return found


def send(desk: Desk, route: str, data: dict[str, Any]) -> dict[str, Any]:
    """Store something, and what is then stored: send(desk, "settings", {"page_for_posts": 0})."""
    found: dict[str, Any] = office(desk, "index.php").evaluate(_ASK, [route, data])
    return found


def item(desk: Desk, content: str) -> tuple[Kind, dict[str, Any]]:
    """Kind of the published content of this slug or title, and what is stored of it."""
    kinds: tuple[Kind, ...] = ("page", "post")
    for kind in kinds:
        for found in listed(desk, f"{kind}s?per_page=100&context=edit&status=publish"):
            if content in (found["slug"], found["title"]["raw"]):
                return kind, found
    raise LookupError(f"no published content called {content}")


def rewrite(desk: Desk, content: str, change: Callable[[str], str]) -> None:
    """Store the HTML of a content anew."""
    kind, found = item(desk, content)
    send(desk, f"{kind}s/{found['id']}", {"content": change(found["content"]["raw"])})


def put_first(desk: Desk, content: str, html: str) -> None:
    """Store HTML at the top of a content."""
    rewrite(desk, content, lambda before: f"{html}\n\n{before}")


def blog_at(desk: Desk, page: int) -> None:
    """The page of the articles, as in Réglages > Lecture; 0 for none."""
    send(desk, "settings", {"page_for_posts": page})


def term(desk: Desk, name: str, parent: str) -> int:
    """A category below another; its number."""
    above = next(one["id"] for one in listed(desk, "categories?per_page=100") if one["name"] == parent)
    return int(send(desk, "categories", {"name": name, "parent": above})["id"])


def medium(desk: Desk, media: str) -> dict[str, Any]:
    """What the library has of a file, by its slug or the name of the file."""
    files = listed(desk, "media?per_page=100")
    named = (f for f in files if media in (f["slug"], f["source_url"].rpartition("/")[2].rpartition(".")[0]))
    return next(iter(named))


def bring_again(desk: Desk, media: str, name: str) -> dict[str, Any]:
    """Bring a file of the library in once more under another name, whose ending says what it is."""
    source, kind = medium(desk, media)["source_url"], mimetypes.guess_type(name, strict=False)[0]
    found: dict[str, Any] = desk.page.evaluate(_BRING, [source, name, kind])
    return found
