"""The pop-ups of Spectra: what a visitor meets who comes for the first time, and what is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checks.visibility import SAID_JS
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.contents import address_of, plain
from checks.wordpress.reading.destinations import followed
from checks.wordpress.reading.stored_blocks import blocks_in, named
from provisioner.french.text import shortened
from provisioner.subject.check import Site

#: Spectra's names for the kinds of pop-ups.
KINDS = {"popup": "une fenêtre surgissante", "banner": "une barre d’info", "unset": "sans type choisi"}
_STATES = {
    "publish": "publiée",
    "draft": "en brouillon",
    "pending": "en attente de relecture",
    "private": "privée",
    "future": "programmée pour plus tard",
    "trash": "à la corbeille",
}

# Pop-ups open a moment after the page has loaded. What else lies over the page or above it may pass for one.
POPUPS_JS = r"""async () => {
    __SAID__
    const lines = node => tidy(said(node, on => on.matches('script, style, noscript, template'))).trim();
    const pause = ms => new Promise(done => setTimeout(done, ms));
    const all = () => [...document.querySelectorAll('.uagb-popup-builder')];
    const seen = node => node.checkVisibility({visibilityProperty: true, opacityProperty: true}) && node.getBoundingClientRect().height >= 10;
    for (let tries = 0; tries < 30 && all().some(node => !seen(node)); tries += 1) await pause(100);
    if (all().length) await pause(600);
    const url = value => (value || '').match(/url\(["']?(.*?)["']?\)/)?.[1] || '';
    const popups = all().map(node => {
        const wrapper = node.querySelector('.uagb-popup-builder__wrapper');
        const inner = node.querySelector('.uagb-popup-builder__container') || node;
        return {
            kind: [...(wrapper?.classList || [])].map(name => name.match(/^uagb-popup-builder__wrapper--(\w+)$/)?.[1]).find(Boolean) || '',
            number: [...node.classList].map(name => name.match(/^uagb-block-(.+)$/)?.[1]).find(Boolean) || '',
            text: lines(inner), seen: seen(node),
            sources: [...[...inner.querySelectorAll('img')].map(one => one.getAttribute('src')),
                ...[inner, ...inner.querySelectorAll('*')].map(on => url(getComputedStyle(on).backgroundImage))].filter(Boolean),
            links: [...inner.querySelectorAll('a, button:not(.uagb-popup-builder__close)')].map(one => [one.getAttribute('href') || '#', lines(one)]),
        };
    });
    scrollTo(0, 0);
    const over = node => /fixed|sticky/.test(getComputedStyle(node).position) || node.matches('dialog, [role=dialog], .wp-block-uagb-modal, .uagb-modal-popup');
    const top = node => node.matches('header, .site-header, .entry-content > :first-child') && node.getBoundingClientRect().top < 300;
    const others = [...document.body.querySelectorAll('*')].filter(node => !node.closest('.uagb-popup-builder, #wpadminbar')
        && (over(node) || top(node))).slice(0, 60).map(node => ({text: lines(node).slice(0, 5000), over: over(node)}));
    return {popups, others};
}""".replace("__SAID__", SAID_JS)


@dataclass(frozen=True)
class Popup:
    """A pop-up in the page; `links` have their words, addresses are whole."""

    kind: str
    number: str
    text: str
    seen: bool
    sources: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        hidden = "" if self.seen else ", que le visiteur ne voit pas"
        return f"{KINDS.get(self.kind, 'une fenêtre')}{hidden} : « {shortened(self.text, 100)} »"


@dataclass(frozen=True)
class StoredPopup:
    """A pop-up in the back office; `numbers` are those of its blocks, `kinds` what they are."""

    title: str
    status: str
    kind: str
    enabled: bool
    numbers: frozenset[str] = frozenset()
    hidden: bool = False

    @property
    def open_to_all(self) -> bool:
        """Whether visitors receive it."""
        return self.status == "publish" and self.enabled and self.kind in ("popup", "banner")

    def __str__(self) -> str:
        said = [KINDS.get(self.kind, self.kind), _STATES.get(self.status, self.status)]
        said += ["désactivée"] * (not self.enabled) + ["masquée sur les ordinateurs"] * self.hidden
        return f"« {self.title or 'sans titre'} » ({', '.join(said)})"


@dataclass(frozen=True)
class Popups:
    """Those in the page, those that are stored, and what else lies over the page (`over`) or at its top."""

    shown: tuple[Popup, ...] = ()
    stored: tuple[StoredPopup, ...] = ()
    over: tuple[str, ...] = ()
    top: tuple[str, ...] = ()


def popups_of(site: Site) -> Popups:
    """Read the pop-ups on the front page, as a browser meets them that was never there.

    For all other checks they are closed on arrival, see `on_arrival` of the driver.
    """
    site.visit("/")
    site.page.evaluate("() => { localStorage.clear(); sessionStorage.setItem('e5b-popups', 'open'); }")
    seen = site.visit("/").evaluate(POPUPS_JS)
    others: Sequence[dict[str, Any]] = seen["others"]
    return Popups(
        tuple(_popup(site, one) for one in seen["popups"]),
        tuple(stored(site)),
        tuple(one["text"] for one in others if one["over"]),
        tuple(one["text"] for one in others if not one["over"]),
    )


def _popup(site: Site, seen: dict[str, Any]) -> Popup:
    base = f"{site.address}/"
    return Popup(
        seen["kind"],
        seen["number"],
        seen["text"],
        seen["seen"],
        tuple(address_of(base, one) for one in seen["sources"]),
        tuple((followed(site, address_of(base, href)), words) for href, words in seen["links"]),
    )


def stored(site: Site) -> list[StoredPopup]:
    """Every pop-up of the back office, the bin included."""
    states = "publish,future,draft,pending,private,trash"
    rows = rest_all(site, f"wp/v2/spectra-popup?context=edit&status={states}&_fields=id,title,status,content,meta")
    return [stored_popup(row) for row in rows]


def stored_popup(row: dict[str, Any]) -> StoredPopup:
    """A pop-up as REST tells it."""
    meta = row.get("meta") or {}
    blocks = list(named(blocks_in(row["content"]["raw"]), "uagb/popup-builder"))
    return StoredPopup(
        title=plain(row["title"]["raw"]),
        status=row["status"],
        kind=str(meta.get("spectra-popup-type") or "unset"),
        enabled=bool(meta.get("spectra-popup-enabled")),
        numbers=frozenset(block.text("block_id") for block in blocks),
        hidden=any(block.attributes.get("UAGHideDesktop") for block in blocks),
    )
