"""The lists of links at the foot of the shop: those that it shows, those of the module, and the company's before the work."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from checks.prestashop.reading.answers import Script, looked_up, looked_up_each, screen
from checks.prestashop.reading.linked_texts import Place, addressed, find_place, whole
from checks.prestashop.reading.seeded import rows, was_there
from provisioner.french.text import same
from provisioner.subject.check import Site

#: A link: the `text` that a visitor reads, the address (`link`), and whether it is `custom`, one of the candidate's own.
Linked = dict[str, Any]
#: A list of links: its `title`, its `links`; of the module's, its `hook`.
Block = dict[str, Any]


def shown_blocks(site: Site) -> list[Block]:
    """The lists at the foot of the home page, as a visitor has them."""
    return looked_up(site, site.page, f"{site.address}/", _BLOCKS)


def links_aside(site: Site) -> list[Block]:
    """The links at the foot that stand in no list, of a text or of another module, as one block without a title."""
    return [{"title": "", "links": looked_up(site, site.page, f"{site.address}/", _ASIDE) or []}]


def was_linked(company: Path, title: str, text: str) -> bool:
    """Whether the company's list of this title had a link of that name before the work."""
    return any(same(title, name) and any(same(text, one) for one in linked) for name, linked in companys_links(company))


def is_online(site: Site, page: str) -> bool:
    """Whether a page of the shop, by its title, is shown to visitors."""
    place = find_place(site, Place("page", page))
    return place is not None and place.online


def leads_to(site: Site, link: Mapping[str, Any], number: int) -> bool:
    """Whether a link leads to the page of the company's that has this number."""
    return bool(number) and addressed(whole(site, link["link"])) == ("page", number)


def made_blocks(site: Site, anew: bool = True) -> list[dict[str, Any]]:
    """The blocks of links, wherever they are hooked: the title, the hook and the links of each; `anew`, those that came since."""
    edits = looked_up(site, site.signed_in(), screen(site, "AdminLinkWidget"), _EDITS) or []
    own = [
        one for one in edits if not (anew and was_there(site.company, "links", int(re.findall(r"/edit/(\d+)", one)[0])))
    ]
    made = looked_up_each(site, site.signed_in(), own, _FORM)
    return [
        {
            **one,
            "links": [
                {**link, "text": link["text"] if link["custom"] else page_named(link["text"])} for link in one["links"]
            ],
        }
        for one in made
    ]


def companys_links(company: Path) -> list[tuple[str, list[str]]]:
    """The company's blocks, each with the pages and categories that it leads to."""
    called = {
        one["slug"]: one.get("title") or one["name"] for of in ("cms", "categories") for _, one in rows(company, of)
    }
    return [
        (row["name"], [called[slug] for slug in (*row.get("cms", ()), *row.get("categories", ()))])
        for _, row in rows(company, "links")
    ]


def linked_beside(company: Path, removed: str, block: str) -> list[str]:
    """What the company's block of this title, or the one that holds the link, has beside it."""
    for title, linked in companys_links(company):
        if same(block, title) if block else any(same(removed, one) for one in linked):
            return [one for one in linked if not same(removed, one)]
    return []


def left_out(company: Path, block: str, links: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the company's block of this title, or any without one, had, and is not among these links."""
    had = [one for title, linked in companys_links(company) if not block or same(block, title) for one in linked]
    return [one for one in had if not any(same(one, link["text"]) for link in links)]


def page_named(label: str) -> str:
    """A page as the form writes it, without its number: "1 Livraison"."""
    number, _, rest = label.strip().partition(" ")
    return rest.strip() if number.isdigit() else label.strip()


_BLOCKS = Script[list[dict[str, Any]]]("""page => [...page.querySelectorAll('#footer .links .wrapper, #footer .links.wrapper')].map(block => ({
    title: (block.querySelector('.h3') || {textContent: ''}).textContent.replace(/\\s+/g, ' ').trim(),
    links: [...block.querySelectorAll('ul a')].map(a => ({
        text: a.textContent.replace(/\\s+/g, ' ').trim(), link: a.getAttribute('href') || '',
        custom: a.classList.contains('custom-page-link')})),
})).filter(block => block.links.length)""")

# The links at the foot that stand in no list of links: of a text, of another module.
_ASIDE = Script[list[dict[str, Any]]]("""page => [...page.querySelectorAll('#footer a[href]')].filter(
    a => !a.closest('.links')).map(a => ({
        text: a.textContent.replace(/\\s+/g, ' ').trim(), link: a.getAttribute('href') || '', custom: true}))""")

_EDITS = Script[list[str]](
    """page => [...new Set([...page.querySelectorAll('td a[href*="link-widget/edit/"]')].map(a => a.getAttribute('href')))]"""
)

# A page that is ticked leads where it has to: only a link of one's own has an address there.
_FORM = Script[dict[str, Any]](r"""page => {
    const value = of => (page.querySelector(of) || {getAttribute: () => ''}).getAttribute('value') || '';
    const hook = page.querySelector('#form_link_block_id_hook option[selected]');
    return {
        title: value('#form_link_block_block_name_1').trim(), hook: hook ? hook.textContent.trim() : '',
        links: [
            ...[...page.querySelectorAll('[id^=form_link_block_] input[type=checkbox][checked]')].map(
                box => ({text: box.closest('label').textContent.trim(), link: '', custom: false})),
            ...[...page.querySelectorAll('input[id^=form_link_block_custom_][id$="_1_title"]')].map(own => (
                {text: (own.getAttribute('value') || '').trim(), link: value('#' + own.id.replace(/title$/, 'url')), custom: true})),
        ].filter(link => link.text),
    };
}""")
