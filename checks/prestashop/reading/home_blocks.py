"""The blocks of the home page, and the modules that show them."""

from typing import Literal

from checks.visibility import UNSEEN_JS
from provisioner.subject.check import Site
from provisioner.subject.page import Locator

Block = Literal["carrousel", "produits phares", "bloc texte", "bannière"]
#: Each block's module, by its name on the screen and its technical name, and how a home page shows it.
BLOCKS: dict[str, tuple[str, str]] = {
    "carrousel": ("ps_imageslider", "#carousel"),
    "produits phares": ("ps_featuredproducts", ".featured-products"),
    "bloc texte": ("ps_customtext", "#custom-text"),
    "bannière": ("ps_banner", ".banner"),
}
#: The same by their technical names.
MODULES = {name: module for name, (module, _) in BLOCKS.items()}
#: Those that the company's home page has; its banner is off.
FROM_THE_START: tuple[Block, ...] = ("carrousel", "produits phares", "bloc texte")


def blocks_shown(site: Site) -> list[str]:
    """The blocks of the home page in the order in which a visitor meets them."""
    return blocks_on(site.visit("/").locator("#content"))


def blocks_on(part: Locator) -> list[str]:
    """The blocks in a part of a page, from top to foot."""
    tops: dict[str, float] = part.evaluate(
        f"""async (content, blocks) => {{
            {UNSEEN_JS}
            await settled(content.querySelectorAll(Object.values(blocks).map(([, of]) => of).join()));
            return Object.fromEntries(Object.entries(blocks).map(([name, [, of]]) => {{
                const block = [...content.querySelectorAll(of)].find(one => !surelyUnseen(one));
                return [name, block ? block.getBoundingClientRect().top + window.scrollY : -1];
            }}));
        }}""",
        BLOCKS,
    )
    return sorted((name for name, top in tops.items() if top >= 0), key=lambda name: tops[name])
