"""The blocks of Spectra in a content: as a visitor meets them, and as they are stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from checks.wordpress.reading import contents
from checks.wordpress.reading.contents import Content, address_of
from checks.wordpress.reading.destinations import followed
from checks.wordpress.reading.parts import Part, evaluated, part_of, unfolded
from checks.wordpress.reading.spectra_js import SPECTRA_JS
from checks.wordpress.reading.stored_blocks import StoredBlock, blocks_in, named
from provisioner.french.text import quoted, shortened
from provisioner.subject.check import Site
from provisioner.subject.page import Page

#: What a stack with these blocks has.
PLUGIN = "plugin ultimate-addons-for-gutenberg"

SpectraKind = Literal["diaporama", "formulaire", "FAQ", "témoignages", "équipe", "compte à rebours"]
#: Spectra's own names for its blocks.
BLOCKS: Mapping[SpectraKind, str] = {
    "diaporama": "uagb/slider",
    "formulaire": "uagb/forms",
    "FAQ": "uagb/faq",
    "témoignages": "uagb/testimonial",
    "équipe": "uagb/team",
    "compte à rebours": "uagb/countdown",
}
#: What looks to a visitor like such a block, and is made otherwise.
_OTHERS: Mapping[SpectraKind, str] = {
    "diaporama": ".swiper, .uagb-swiper, .slick-slider, [class*='carousel'], [class*='slideshow']",
    "formulaire": "form:not([role=search], .search-form)",
    "FAQ": "details, [class*='accordion'], .wp-block-uagb-tabs, .wp-block-uagb-how-to",
    "témoignages": "blockquote, .wp-block-uagb-review, .wp-block-uagb-blockquote, .wp-block-uagb-info-box, "
    ".wp-block-uagb-team, .wp-block-media-text",
    "équipe": ".wp-block-uagb-info-box, .uagb-testimonial__wrap, .wp-block-media-text, .wp-block-column, "
    ".wp-block-uagb-container",
    "compte à rebours": "[class*='countdown']",
}


@dataclass(frozen=True)
class Item:
    """A thing that a block is made of: a slide, a field, a question with its answer, a person. Addresses are whole."""

    texts: Mapping[str, str]
    sources: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    #: Why a visitor can't see it; "" where he can.
    unseen: str = ""
    required: bool = False

    def __str__(self) -> str:
        words = [shortened(text, 80) for name, text in self.texts.items() if text.strip() and name != "kind"]
        files = [source.rpartition("/")[2] for source in self.sources]
        said = quoted(words) + f" ({quoted(files[:4])})" * bool(files)
        return (said or "rien") + f" (invisible : {self.unseen})" * bool(self.unseen)


@dataclass(frozen=True)
class Shown:
    """A block as a visitor meets it; `stored` is what the content has of it, None where it has no such block."""

    part: Part
    items: tuple[Item, ...] = ()
    besides: Mapping[str, str] = field(default_factory=dict)
    stored: StoredBlock | None = None


@dataclass(frozen=True)
class SpectraBlocks:
    """The blocks of a kind in a content, what else looks like them, and all of the kind that are stored."""

    content: Content
    shown: tuple[Shown, ...] = ()
    others: tuple[Part, ...] = ()
    stored: tuple[StoredBlock, ...] = ()


def spectra_of(site: Site, content: Content, kind: SpectraKind) -> SpectraBlocks:
    """Read the blocks of a kind in a content, on whose page the visitor then stands."""
    raw, rendered = contents.stored_html(site, content)
    stored = tuple(named(blocks_in(unfolded(site, raw)), BLOCKS[kind]))

    def read(page: Page, what: int | str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = page.evaluate(SPECTRA_JS, [what, kind, _OTHERS[kind]])
        return found

    seen, _ = evaluated(site, content, rendered, read)
    own = [one for one in seen if one["part"]["kind"] == kind]
    others = tuple(part_of(site, one["part"], content.link) for one in seen if one not in own)
    return SpectraBlocks(content, paired(site, own, stored, content.link), others, stored)


def paired(
    site: Site, seen: Sequence[Mapping[str, Any]], stored: Sequence[StoredBlock], base: str
) -> tuple[Shown, ...]:
    """What is shown, each with the stored block of its number; where numbers don't tell, of as many the one in its place."""
    by_number = {block.text("block_id"): block for block in stored if block.text("block_id")}
    distinct = len(by_number) == len(stored)
    found = []
    for place, one in enumerate(seen):
        block = by_number.get(one["number"]) if distinct else None
        if block is None and len(stored) == len(seen):
            block = stored[place]
        items = tuple(_item(site, item, base) for item in one["items"])
        found.append(Shown(part_of(site, one["part"], base), items, one["besides"], block))
    return tuple(found)


def _item(site: Site, seen: Mapping[str, Any], base: str) -> Item:
    return Item(
        texts=seen["texts"],
        sources=tuple(address_of(base, one) for one in seen["sources"]),
        links=tuple(followed(site, address_of(base, one)) for one in seen["links"]),
        unseen=seen["unseen"],
        required=seen["required"],
    )


def listing(read: SpectraBlocks) -> str:
    """The blocks, for whoever reads the report."""
    lines = [f"{read.content} – {contents.path_of(read.content.link)}"]
    for shown in read.shown:
        lines.append("bloc" + f" (invisible : {shown.part.unseen})" * bool(shown.part.unseen))
        lines += [f"– {item}" for item in shown.items]
    lines += [f"enregistré : {block.name} {dict(block.attributes)}" for block in read.stored]
    return "\n".join(lines)
