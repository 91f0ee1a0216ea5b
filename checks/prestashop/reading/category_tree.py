"""The categories of the shop: their tree, and what each holds and shows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.prestashop.reading.answers import Script, looked_up, screen
from checks.prestashop.reading.seeded import category_number
from provisioner.french.text import same
from provisioner.subject.check import Site


@dataclass(frozen=True)
class Node:
    """A category in the tree of the back office; `parent` is the name of the one above, "" for the root, `above` its number."""

    id: int
    name: str
    parent: str
    above: int = 0


def category_tree(site: Site) -> list[Node]:
    """Every category, the root first."""
    listed = screen(site, "AdminCategories")
    new = re.sub(r"/categories\?", "/categories/new?", listed)
    return [Node(**node) for node in looked_up(site, site.signed_in(), new, _TREE)]


def nodes_called(company: Path, nodes: Sequence[Node], name: str) -> list[Node]:
    """The categories of this name, the newest first; where there is none, the one that the company had under it."""
    return [one for one in reversed(nodes) if same(name, one.name)] or [
        one for one in nodes if one.id == category_number(company, name)
    ]


def category_form(site: Site, number: int) -> str:
    """The form that holds what a category says, shown or not."""
    return screen(site, "AdminCategories").replace("/categories?", f"/categories/{number}/edit?")


def kept_seo(site: Site, node: Node) -> dict[str, str]:
    """What the form of a category holds for its page: its title, description and address."""
    kept: dict[str, str] = looked_up(site, site.signed_in(), category_form(site, node.id), _KEPT)
    return kept


_KEPT = Script[dict[str, str]]("""page => {
    const value = name => {
        const field = page.querySelector(`#category_${name}_1`);
        return field ? (field.getAttribute('value') || field.textContent || '').trim() : '';
    };
    return {title: value('meta_title'), meta: value('meta_description'), address: value('link_rewrite')};
}""")

_TREE = Script[list[dict[str, Any]]]("""page => [...page.querySelectorAll('#category_id_parent input')].map(input => {
    const above = input.closest('li').parentElement.closest('li');
    return {id: Number(input.value), name: input.closest('label').textContent.trim(),
            parent: above ? above.querySelector('label').textContent.trim() : '',
            above: above ? Number(above.querySelector('input').value) : 0};
})""")


def visit_category(site: Site, number: int) -> dict[str, Any]:
    """What a category's page says of itself to a visitor; `shown` is whether he may see it at all.

    A page that is forbidden to him has the category's own class, and nothing in it.
    """
    site.visit(f"/index.php?controller=category&id_category={number}")
    seen: dict[str, Any] = site.page.evaluate(_SEEN)
    return {**seen, "shown": seen["id"] == number and seen["status"] == 200 and seen["listed"]}


_SEEN = """() => ({
    id: Number((document.body.className.match(/category-id-(\\d+)/) || [0, 0])[1]),
    status: performance.getEntriesByType('navigation')[0].responseStatus,
    listed: Boolean(document.querySelector('#products')),
    title: document.title,
    meta: (document.querySelector('meta[name=description]') || {content: ''}).content,
})"""
