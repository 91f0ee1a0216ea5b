"""Spectra's blocks in the block editor: how a person puts each into a content, and its pop-ups.

Texts are typed where the editor shows them; settings of the side column are set as its controls set them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from playwright.sync_api import Locator, Page

from checks.wordpress.reading.spectra_wanted import FIELDS, FormField, Member, Question, Quote, Slide
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens import stored
from checks.wordpress.screens.content_changes import begin
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.office import LOADING, office
from checks.wordpress.screens.spectra_markup import Picture, field_settings
from provisioner.subject.check import Desk

#: Puts a block into the content that is open in the editor.
Put = Callable[[Desk, Editor], None]

# The number of a block of this name that the cursor is in, or of the first one.
_BLOCK = """name => {
    const store = wp.data.select('core/block-editor'), at = store.getSelectedBlockClientId();
    const all = store.getClientIdsWithDescendants().filter(id => store.getBlockName(id) === name);
    return [at, ...(at ? store.getBlockParents(at, true) : [])].find(id => all.includes(id)) || all[0] || '';
}"""
# Gives a block as many blocks of a name as are wanted: more are added behind, those at the end taken away.
_COUNTED = """([parent, name, count]) => {
    const {getBlockOrder} = wp.data.select('core/block-editor');
    const {insertBlock, removeBlocks} = wp.data.dispatch('core/block-editor');
    for (let more = getBlockOrder(parent).length; more < count; more += 1) insertBlock(wp.blocks.createBlock(name), undefined, parent, false);
    const left = getBlockOrder(parent).slice(count);
    if (left.length) removeBlocks(left, false);
}"""
_SET = "([id, values]) => wp.data.dispatch('core/block-editor').updateBlockAttributes(id, values)"
_FILL = """([parent, blocks]) => wp.data.dispatch('core/block-editor').replaceInnerBlocks(
    parent, blocks.map(([name, attributes]) => wp.blocks.createBlock(name, attributes)))"""
_MEDIUM = """async media => {
    const files = await wp.apiFetch({path: '/wp/v2/media?per_page=100'});
    const file = files.find(one => [one.slug, one.source_url.split('/').pop().replace(/\\.[^.]*$/, '')].includes(media));
    const sizes = Object.fromEntries(Object.entries(file.media_details.sizes || {}).map(([name, size]) => [name, {url: size.source_url}]));
    return {id: file.id, url: file.source_url, alt: file.alt_text, sizes};
}"""


# --- in a content -----------------------------------------------------------------------------


def work(desk: Desk, content: str, put: Put, under: str = "", at: str = "", save: bool = True) -> None:
    """Put a block into the content of this slug or title, and update."""
    editor = block_screens.open_content(desk, content)
    begin(editor, under, at)
    put(desk, editor)
    if save:
        editor.save()


def work_in_code(desk: Desk, content: str, html: Callable[[Page], str], under: str = "", at: str = "") -> None:
    """The same in the code editor."""
    editor = block_screens.open_content(desk, content)
    block = html(editor.page)
    editor.page.keyboard.press("Control+Shift+Alt+m")
    field = editor.page.locator("textarea.editor-post-text-editor")
    field.fill(block_screens.among(field.input_value(), block, under, at))
    editor.save()


def pictures(page: Page, media: Iterable[str]) -> dict[str, Picture]:
    """What Spectra stores of these media. Needs a screen of the editor."""
    return {medium: picture(page, medium) for medium in media if medium}


def picture(page: Page, media: str) -> Picture:
    """What Spectra stores of a medium: its number, address, alternative text, sizes."""
    found: Picture = page.evaluate(_MEDIUM, media)
    return found


def store_first(desk: Desk, content: str, html: Callable[[Page], str], under: str = "", at: str = "") -> None:
    """Store blocks in a content, in the candidate's name."""
    block = html(office(desk, "post-new.php"))
    stored.rewrite(desk, content, lambda before: block_screens.among(before, block, under, at))


# --- block by block ---------------------------------------------------------------------------


def insert(editor: Editor, name: str) -> str:
    """A block of Spectra's from the list ("faq"); the editor's number for it."""
    editor.insert(f"uagb-{name}")
    editor.page.wait_for_function(f"name => Boolean(({_BLOCK})(name))", arg=f"uagb/{name}", timeout=LOADING)
    number = str(editor.page.evaluate(_BLOCK, f"uagb/{name}"))
    inside(editor, number).wait_for(timeout=LOADING)
    return number


def inside(editor: Editor, number: str) -> Locator:
    """A block in the canvas, by the editor's number for it."""
    return editor.canvas.locator(f"[data-block='{number}']").first


def typed(editor: Editor, field: Locator, text: str) -> None:
    """Type a text over that of a field of the canvas. A carousel moves its slides away: the cursor is set, not clicked."""
    field.focus()
    editor.page.keyboard.press("Control+a")
    editor.page.keyboard.insert_text(text)


def put_faq(questions: Sequence[Question]) -> Put:
    """The block FAQ, a question and an answer in each of its parts."""

    def put(desk: Desk, editor: Editor) -> None:
        number = insert(editor, "faq")
        editor.page.evaluate(_COUNTED, [number, "uagb/faq-child", len(questions)])
        items = inside(editor, number).locator(".uagb-faq-item")
        for place, one in enumerate(questions):
            typed(editor, items.nth(place).locator(".uagb-question"), one.question)
            typed(editor, items.nth(place).locator(".uagb-faq-content"), one.answer)

    return put


def put_testimonials(those: Sequence[Quote], count: int = 0) -> Put:
    """The block Testimonials; `count` is the number of them in its settings, where it isn't that of those that are typed."""

    def put(desk: Desk, editor: Editor) -> None:
        number, page = insert(editor, "testimonial"), editor.page
        shown = count or len(those)
        images = pictures(page, (one.media for one in those))
        proposed = {"description": _GUYS, "name": "John Doe ", "company": "Company Name"}
        blank = [
            {**proposed, "image": images.get(those[place].media, "") if place < len(those) else ""}
            for place in range(shown)
        ]
        settings = {
            "test_item_count": shown,
            "test_block": blank,
            "columns": shown,
            "autoplay": False,
            "infiniteLoop": False,
        }
        page.evaluate(_SET, [number, settings])
        items = inside(editor, number).locator(".slick-slide:not(.slick-cloned) .uagb-testimonial__wrap")
        items.nth(shown - 1).wait_for(state="attached")
        for place, one in enumerate(those):
            typed(editor, items.nth(place).locator(".uagb-tm__desc"), one.words)
            typed(editor, items.nth(place).locator(".uagb-tm__author-name"), one.name)
            if one.company:
                typed(editor, items.nth(place).locator(".uagb-tm__company"), one.company)

    return put


#: What Spectra proposes as the words of a testimonial.
_GUYS = (
    "I have been working with these guys for years now! With lots of hard work and timely communication, they made sure "
    "they delivered the best to me. Highly recommended!"
)


def put_team(members: Sequence[Member], social: bool = True) -> Put:
    """A block Team for each person, the first at the top; `social`: its icons stay."""

    def put(desk: Desk, editor: Editor) -> None:
        for one in members:
            number, page = insert(editor, "team"), editor.page
            block = inside(editor, number)
            typed(editor, block.locator(".uagb-team__title"), one.name)
            if one.post:
                typed(editor, block.locator(".uagb-team__prefix"), one.post)
            if one.words:
                typed(editor, block.locator(".uagb-team__desc"), one.words)
            names = ("twitter", "fb", "linkedin", "pin")
            settings: dict[str, object] = {"socialEnable": social, **({} if one.words else {"description_text": ""})}
            settings |= {f"{name}Link": link for name, link in zip(names, one.links, strict=False)}
            settings |= {f"{name}Icon": "" for name in names[len(one.links) :]} if one.links else {}
            settings |= {"image": picture(page, one.media)} if one.media else {}
            page.evaluate(_SET, [number, settings])
            page.evaluate("id => wp.data.dispatch('core/block-editor').selectBlock(id)", number)
            page.evaluate(
                "() => wp.data.dispatch('core/block-editor').insertAfterBlock(wp.data.select('core/block-editor').getSelectedBlockClientId())"
            )

    return put


def put_countdown(ends: str, moment: str, labels: Sequence[str] = ()) -> Put:
    """The block Countdown, its end and its labels in its settings; without an end, the one that it proposes stays."""

    def put(desk: Desk, editor: Editor) -> None:
        number = insert(editor, "countdown")
        ready = "id => wp.data.select('core/block-editor').getBlockAttributes(id)?.timeModified"
        editor.page.wait_for_function(ready, arg=number)  # it proposes an end as soon as it is there
        settings: dict[str, object] = {}
        if ends:
            settings = {"endDateTime": moment, "endDateTimeCopy": moment, "displayEndDateTime": ends}
        units = ("Days", "Hours", "Minutes", "Seconds")
        settings |= {f"label{unit}": label for unit, label in zip(units, labels, strict=False)}
        editor.page.evaluate(_SET, [number, settings])

    return put


def put_form(fields: Sequence[FormField], recipient: str = "", button: str = "", message: str = "") -> Put:
    """The block Form: the first layout, other fields in the place of its own, their labels, the button, the settings."""

    def put(desk: Desk, editor: Editor) -> None:
        number, page = insert(editor, "forms"), editor.page
        choose_variation(editor, 0)
        # Whoever chooses a layout takes its fields away and adds others from the list below them.
        blocks = [[f"uagb/forms-{FIELDS[one.kind]}", {**field_settings(one)}] for one in fields]
        page.wait_for_function("id => wp.data.select('core/block-editor').getBlockOrder(id).length", arg=number)
        page.evaluate(_FILL, [number, blocks])
        block = inside(editor, number)
        labels = block.locator(".uagb-forms-input-label")
        labels.nth(sum(one.kind != "acceptation" for one in fields) - 1).wait_for()
        for place, one in enumerate(one for one in fields if one.kind != "acceptation"):
            typed(editor, labels.nth(place), one.label)
        if button:
            typed(editor, block.locator(".uagb-forms-main-submit-button-text"), button)
        settings: dict[str, object] = {"variationSelected": True}
        settings |= {"afterSubmitToEmail": recipient} if recipient else {}
        settings |= {"confirmationMessage": message} if message else {}
        page.evaluate(_SET, [number, settings])

    return put


def put_empty_form(desk: Desk, editor: Editor) -> None:
    """The block Form, whose layout nobody chooses."""
    insert(editor, "forms")


def choose_variation(editor: Editor, place: int) -> None:
    """One of the layouts that a block proposes when it is new."""
    editor.canvas.locator(".block-editor-block-variation-picker__variation").nth(place).click()


def put_slider(slides: Sequence[Slide]) -> Put:
    """The block Slider: a title and a text in the box of each slide, pictures above it; boxes that say nothing go.

    The text is set: in a slide that is out of view, Spectra's field for it loses what is typed.
    """

    def put(desk: Desk, editor: Editor) -> None:
        number, page = insert(editor, "slider"), editor.page
        page.wait_for_function("id => wp.data.select('core/block-editor').getBlockOrder(id).length === 3", arg=number)
        page.evaluate(_SLIDES, [number, [_slide(page, one) for one in slides]])
        boxes = inside(editor, number).locator(".uagb-infobox__content-wrap")
        written = [one for one in slides if one.title or one.text]
        if written:
            boxes.nth(len(written) - 1).wait_for(state="attached")
        for place, one in enumerate(written):
            if one.title:
                typed(editor, boxes.nth(place).locator(".uagb-ifb-title"), one.title)

    return put


def _slide(page: Page, one: Slide) -> Mapping[str, object]:
    return {
        "box": bool(one.title or one.text), "title": bool(one.title), "text": one.text,
        "image": picture(page, one.media) if one.media else None,
    }  # fmt: skip


# Makes of the three proposed slides as many as are wanted; in each, a picture and a box without its button.
_SLIDES = """([slider, wanted]) => {
    const {getBlockOrder, getBlocks} = wp.data.select('core/block-editor');
    const {insertBlock, removeBlocks, replaceInnerBlocks} = wp.data.dispatch('core/block-editor');
    const {createBlock} = wp.blocks;
    for (let more = getBlockOrder(slider).length; more < wanted.length; more += 1) insertBlock(createBlock('uagb/slider-child'), undefined, slider, false);
    const left = getBlockOrder(slider).slice(wanted.length);
    if (left.length) removeBlocks(left, false);
    getBlocks(slider).forEach((slide, place) => {
        const {box, title, text, image} = wanted[place];
        const inner = [];
        if (image) inner.push(createBlock('core/image', {id: image.id, url: image.url, alt: image.alt, sizeSlug: 'full'}));
        if (box) inner.push(createBlock('uagb/info-box', {showIcon: false, ctaType: 'none', showTitle: title, showDesc: Boolean(text), headingDesc: text}));
        replaceInnerBlocks(slide.clientId, [createBlock('uagb/container', {variationSelected: true}, inner)], false);
    });
}"""


def put_map(address: str) -> Put:
    """The block Google Maps, its address in its settings; without one, what it proposes stays."""

    def put(desk: Desk, editor: Editor) -> None:
        insert(editor, "google-map")
        if address:
            column = editor.settings("block").locator(".block-editor-block-inspector")
            column.locator(".components-text-control__input, input[type=text]").first.fill(address)

    return put


# --- pop-ups ----------------------------------------------------------------------------------


def new_popup(desk: Desk, title: str) -> Editor:
    """A new pop-up with its title, of which no kind is chosen yet."""
    editor = Editor(desk, "post-new.php?post_type=spectra-popup")
    editor.write_title(title)
    return editor


def choose_kind(editor: Editor, kind: str) -> None:
    """The kind of a pop-up ("banner" for the info bar, "popup"), among the two that are proposed."""
    editor.canvas.locator(".uagb-variation-picker").first.wait_for(timeout=LOADING)
    choose_variation(editor, 0 if kind == "banner" else 1)
    wait_for_kind(editor, kind)


def wait_for_kind(editor: Editor, kind: str) -> None:
    """Until the pop-up knows its kind, which goes with it when it is saved."""
    meta = "kind => wp.data.select('core/editor').getEditedPostAttribute('meta')?.['spectra-popup-type'] === kind"
    editor.page.wait_for_function(meta, arg=kind, timeout=LOADING)


def write_popup(desk: Desk, editor: Editor, texts: Sequence[str], button: str, link: str, media: str) -> None:
    """Paragraphs, a picture and a button in the place of what the pop-up proposes."""
    page = editor.page
    number = str(page.evaluate(_BLOCK, "uagb/popup-builder"))
    blocks: list[list[object]] = []
    if media:
        image = picture(page, media)
        blocks.append(["core/image", {"id": image["id"], "url": image["url"], "sizeSlug": "full"}])
    blocks += [["core/paragraph", {}] for _ in texts]
    page.evaluate(_FILL, [number, blocks])
    fields = inside(editor, number).locator("[data-type='core/paragraph']")
    for place, text in enumerate(texts):
        # In an empty paragraph, what selects all selects all blocks.
        fields.nth(place).focus()
        editor.page.keyboard.insert_text(text)
    if button:
        target = desk.address + link if link.startswith("/") else link
        page.evaluate(_BUTTON, [number, button, target])


# A button at the end of what a block holds, as the editor makes it.
_BUTTON = """([parent, text, url]) => wp.data.dispatch('core/block-editor').insertBlock(
    wp.blocks.createBlock('core/buttons', {}, [wp.blocks.createBlock('core/button', {text, url})]), undefined, parent, false)"""


def write_popup_code(editor: Editor, html: str, kind: str) -> None:
    """The HTML of a pop-up in the code editor; back among the blocks, the pop-up takes its kind from it."""
    editor.write_code(html)
    editor.page.keyboard.press("Control+Shift+Alt+m")
    editor.canvas.locator(".uagb-popup-builder").first.wait_for(timeout=LOADING)
    wait_for_kind(editor, kind)


def store_popup(desk: Desk, title: str, html: str, kind: str, status: str = "publish", enabled: bool = True) -> None:
    """Store a pop-up, in the candidate's name."""
    meta = {"spectra-popup-type": kind, "spectra-popup-enabled": enabled, "spectra-popup-repetition": 1}
    stored.send(desk, "spectra-popup", {"title": title, "content": html, "status": status, "meta": meta})


def switch_off(desk: Desk, title: str) -> None:
    """The switch of a pop-up's row in the list, which was on."""
    page = office(desk, "edit.php?post_type=spectra-popup")
    row = page.locator("#the-list > tr").filter(has_text=title).first
    switch = row.locator(".spectra-popup-builder__switch--active")
    with page.expect_response(lambda answer: "admin-ajax.php" in answer.url):
        switch.click()
    switch.wait_for(state="detached")
