"""An article or page as somebody means to write it, and the roads to write it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from playwright.sync_api import Locator

from checks.wordpress.reading.answers import Kind
from checks.wordpress.screens import post_lists
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.office import media_address, media_id, other_image
from provisioner.subject.check import Desk

#: The words that carry a link.
LINK = "cette page"


@dataclass(frozen=True)
class Block:
    """A block to write: its text, or its picture, and a link after the text."""

    kind: str
    text: str = ""
    link: str = ""
    media: str = ""
    alt: str | None = None
    caption: str = ""
    others: bool = False  # any picture but this one


@dataclass(frozen=True)
class Draft:
    """An article as somebody means to write it."""

    title: str
    kind: Kind
    blocks: tuple[Block, ...]
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    new_categories: tuple[str, ...] = ()
    excerpt: str = ""
    featured: str = ""

    def with_text(self, text: str) -> "Draft":
        """The same with a paragraph more."""
        return replace(self, blocks=(*self.blocks, Block("paragraph", text)))

    def with_image(self, change: Callable[[Block], Block]) -> "Draft":
        """The same with its pictures changed."""
        return replace(self, blocks=tuple(change(b) if b.kind == "image" else b for b in self.blocks))


def write(desk: Desk, draft: Draft) -> Editor:
    """Write a draft with the editor's blocks; saving is left to the caller."""
    editor = Editor.new(desk, draft.kind)
    editor.write_title(draft.title)
    for block in draft.blocks:
        if block.kind == "heading":
            editor.add_heading(block.text)
        elif block.kind == "image":
            media = other_image(editor.page, block.media) if block.others else block.media
            editor.add_image(media, block.alt, block.caption)
        elif block.link:
            editor.add_paragraph(f"{block.text} {LINK}")
            editor.link(LINK, _address(desk, block.link))
        else:
            editor.add_paragraph(block.text, bold=block.kind == "bold")
    _classify_in_editor(editor, draft)
    return editor


def write_code(desk: Desk, draft: Draft) -> Editor:
    """Write a draft as HTML in the code editor."""
    editor = Editor.new(desk, draft.kind)
    editor.write_title(draft.title)
    lines = []
    for block in draft.blocks:
        if block.kind == "image":
            source = media_address(editor.page, block.media)
            number = media_id(editor.page, block.media)
            lines.append(f'<img class="wp-image-{number}" src="{source}" alt="{block.alt or ""}">')
        elif block.kind == "heading":
            lines.append(f"<h3>{block.text}</h3>")
        else:
            link = f' <a href="{_address(desk, block.link)}">{LINK}</a>' if block.link else ""
            lines.append(f"<p>{block.text}{link}</p>")
    editor.write_code("\n".join(lines))
    _classify_in_editor(editor, draft)
    return editor


def _classify_in_editor(editor: Editor, draft: Draft) -> None:
    for name in draft.categories:
        editor.choose_category(name)
    for name in draft.new_categories:
        editor.create_category(name)
    for name in draft.tags:
        editor.add_tag(name)
    if draft.excerpt:
        editor.write_excerpt(draft.excerpt)
    if draft.featured:
        editor.choose_featured_image(draft.featured)


def classify(desk: Desk, draft: Draft, slug: str) -> None:
    """Categories and tags by the quick edit of the list."""

    def change(form: Locator) -> None:
        for name in draft.categories:
            form.locator(".category-checklist").get_by_label(name, exact=True).check()
        if draft.tags:
            form.locator("textarea[name='tax_input[post_tag]']").fill(", ".join(draft.tags))

    post_lists.quick_edit(desk, draft.kind, slug, change)


def _address(desk: Desk, link: str) -> str:
    return desk.address + link if link.startswith("/") else link
