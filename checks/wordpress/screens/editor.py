"""The block editor: what a person does there, one verb per function.

    editor = Editor.new(desk, "page")
    editor.write_title("Visiter l’atelier")
    editor.add_paragraph("Poussez la porte de notre atelier.")
    editor.publish()

Its canvas is a frame, or part of the page once a theme or plugin has boxes of the old kind there.
"""

from datetime import datetime
from typing import Literal, Self

from playwright.sync_api import FrameLocator, Locator, Page

from checks.wordpress.reading.answers import Kind
from checks.wordpress.screens.office import FROM_LIBRARY, LOADING, choose_media, office
from provisioner.subject.check import Desk

_CANVAS = "iframe[name=editor-canvas]"
# What WordPress 6.4 calls by the first name, 6.6 and later by the second.
_INSERTER = ".edit-post-header-toolbar__inserter-toggle, .editor-document-tools__inserter-toggle"
_COLUMN = ".edit-post-sidebar, .editor-sidebar"
_OPEN_COLUMN = ":is(.edit-post-header__settings, .editor-header__settings) button[aria-controls^='edit-post:']"
_TABS = ".edit-post-sidebar__panel-tab, .editor-sidebar__panel-tabs [role=tab]"
_SCHEDULE = ".edit-post-post-schedule__toggle, .editor-post-schedule__dialog-toggle"
_AUTHOR = ".edit-post-post-author select, .editor-post-author__panel-dialog select"
_STICKY = ".edit-post-post-status input[type=checkbox], [class*='editor-post-sticky__'] input[type=checkbox]"

# Whether the editor knows that so many letters are selected.
_SELECTED = """count => {
    const {getSelectionStart, getSelectionEnd} = wp.data.select('core/block-editor');
    return Math.abs(getSelectionEnd().offset - getSelectionStart().offset) === count;
}"""


class Editor:
    """The block editor of one post or page. What is added goes below what is there."""

    def __init__(self, desk: Desk, path: str) -> None:
        self.page = office(desk, path)
        self.page.locator(f"{_CANVAS}, .editor-post-title").first.wait_for(timeout=LOADING)

    @classmethod
    def new(cls, desk: Desk, kind: Kind = "post") -> Self:
        """A new post or page."""
        return cls(desk, f"post-new.php?post_type={kind}")

    @classmethod
    def open(cls, desk: Desk, number: int) -> Self:
        """The post or page of this number."""
        return cls(desk, f"post.php?post={number}&action=edit")

    @property
    def canvas(self) -> Page | FrameLocator:
        """Where the content is: a frame, unless a plugin's block or box keeps it in the page."""
        return self.page.frame_locator(_CANVAS) if self.page.locator(_CANVAS).count() else self.page

    @property
    def number(self) -> int:
        """The number of the post or page."""
        return int(self.page.evaluate("() => wp.data.select('core/editor').getCurrentPostId()"))

    @property
    def slug(self) -> str:
        """Its slug, or the one that it would get."""
        return str(self.page.evaluate("() => wp.data.select('core/editor').getEditedPostSlug()"))

    # what is written

    def write_title(self, text: str) -> None:
        """The title."""
        self.canvas.locator(".editor-post-title").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def add_paragraph(self, text: str, bold: bool = False) -> None:
        """A paragraph at the end."""
        self._next_block()
        if bold:
            self.page.keyboard.press("Control+b")
        self.page.keyboard.insert_text(text)

    def add_heading(self, text: str, level: int = 2) -> None:
        """A heading at the end, made as one types it: two # for a level 2."""
        self._next_block()
        self.page.keyboard.type("#" * level + " ")
        self.page.keyboard.insert_text(text)

    def link(self, words: str, address: str) -> None:
        """Turn the words that were just typed at the end into a link."""
        for _ in words:
            self.page.keyboard.press("Shift+ArrowLeft")
        self.page.wait_for_function(_SELECTED, arg=len(words))  # else these keys may open the list of commands
        self.page.keyboard.press("Control+k")
        field = self.page.locator(".block-editor-link-control__search-input input")
        field.fill(address)
        if len(address) > 1:  # one sign alone is not looked up
            self.page.locator(".block-editor-link-control__search-results [role=option]").first.wait_for()
        field.press("Enter")
        self.canvas.locator(f"a[href='{address}']").last.wait_for()
        if self.page.locator(".block-editor-link-control").is_visible():  # WordPress 6.6 keeps the cursor in it
            self.page.keyboard.press("Escape")
        self.page.keyboard.press("End")

    def insert(self, block: str) -> None:
        """A block by its name ("image", "table", "boldgrid/…") from the list that the blue + opens."""
        self._next_block()
        toggle = self.page.locator(_INSERTER)
        toggle.click()
        self.page.locator(".block-editor-inserter__search input").fill(block)
        # A block that comes in several variations is listed by theirs: "cover/cover".
        item = f"editor-block-list-item-{block}"
        self.page.locator(f"[class~='{item}'], [class*='{item}/']").first.click()
        if toggle.get_attribute("aria-expanded") == "true":
            toggle.click()

    def add_image(self, media: str, alt: str | None = None, caption: str = "") -> None:
        """An image of the library at the end, with its alternative text and a caption."""
        self.insert("image")
        placeholder = self.canvas.locator(".block-editor-media-placeholder").last
        placeholder.locator(FROM_LIBRARY).first.click()
        self.choose_media(media)
        image = self.canvas.locator(".wp-block-image").last
        image.locator("img").wait_for()
        image.click()
        if alt is not None:
            self.settings("block").locator(".block-editor-block-inspector textarea").first.fill(alt)
        if caption:
            self._write_caption(image, caption)
        image.click(position={"x": 8, "y": 8})

    def _write_caption(self, image: Locator, caption: str) -> None:
        """The last button of the toolbar that is on or off shows the caption."""
        if not image.locator("figcaption").count():
            toolbar = self.page.locator(".block-editor-block-toolbar")
            toolbar.locator(".block-editor-block-toolbar__slot button[aria-pressed]").last.click()
        image.locator("figcaption").click()
        self.page.keyboard.insert_text(caption)

    def choose_media(self, media: str) -> None:
        """Choose a file in the window of the library, which is open."""
        choose_media(self.page, media)

    def write_code(self, html: str) -> None:
        """The whole content as HTML, in the code editor."""
        self.page.keyboard.press("Control+Shift+Alt+m")
        self.page.locator("textarea.editor-post-text-editor").fill(html)

    def _next_block(self) -> None:
        self.page.keyboard.press("Enter")

    # its settings

    def settings(self, tab: Literal["document", "block"] = "document") -> Locator:
        """The column of settings, open on one of its tabs."""
        column = self.page.locator(_COLUMN)
        if not column.is_visible():
            self.page.locator(_OPEN_COLUMN).first.click()
        tabs = column.locator(_TABS)
        (tabs.first if tab == "document" else tabs.last).click()
        return column

    def panel(self, name: str) -> Locator:
        """The column with one of its panels unfolded, by the editor's own name for it."""
        column = self.settings()
        self.page.evaluate(
            """name => {
                const store = wp.data.select('core/editor').isEditorPanelOpened ? 'core/editor' : 'core/edit-post';
                return wp.data.select(store).isEditorPanelOpened(name) || wp.data.dispatch(store).toggleEditorPanelOpened(name);
            }""",
            name,
        )
        return column

    def choose_category(self, name: str, chosen: bool = True) -> None:
        """Tick a category that exists, or take its tick off."""
        panel = self.panel("taxonomy-panel-category")
        listed = panel.locator(".editor-post-taxonomies__hierarchical-terms-list")
        listed.get_by_label(name, exact=True).set_checked(chosen)

    def create_category(self, name: str) -> None:
        """Make a category in the column; it is then ticked."""
        panel = self.panel("taxonomy-panel-category")
        field = panel.locator(".editor-post-taxonomies__hierarchical-terms-input input")
        if not field.is_visible():  # the link closes the form that another category has left open
            panel.locator(".editor-post-taxonomies__hierarchical-terms-add").click()
        field.fill(name)
        panel.locator(".editor-post-taxonomies__hierarchical-terms-submit").click()
        listed = panel.locator(".editor-post-taxonomies__hierarchical-terms-list")
        listed.get_by_label(name, exact=True).and_(self.page.locator(":checked")).wait_for()

    def add_tag(self, name: str) -> None:
        """Type a tag, which is made where it doesn't exist."""
        count = "() => wp.data.select('core/editor').getEditedPostAttribute('tags').length"
        before = self.page.evaluate(count)
        panel = self.panel("taxonomy-panel-post_tag")
        if before:  # one that is typed before the others are shown takes their place
            panel.locator(".components-form-token-field__token").nth(before - 1).wait_for(timeout=LOADING)
        field = panel.locator(".components-form-token-field__input")
        field.fill(name)
        field.press("Enter")
        # The editor drops the last tag when the next one is typed before it has read them all again.
        self.page.wait_for_function(
            """before => {
                const tags = wp.data.select('core/editor').getEditedPostAttribute('tags');
                const shown = document.querySelectorAll('.components-form-token-field__token').length;
                let known = false;
                wp.data.select('core').getCachedResolvers().getEntityRecords?.forEach((state, [, name, query]) => {
                    known ||= name === 'post_tag' && String(query?.include) === tags.join()
                        && (state.status ?? (state === false && 'finished')) === 'finished';
                });
                return tags.length > before && known && shown >= tags.length;
            }""",
            arg=before,
            timeout=LOADING,
        )

    def write_excerpt(self, text: str) -> None:
        """The excerpt."""
        column = self.panel("post-excerpt")
        if self._has_states():
            column.locator(".editor-post-excerpt__dropdown button").click()
        self.page.locator(".editor-post-excerpt textarea").fill(text)

    def choose_featured_image(self, media: str) -> None:
        """The featured image, from the library."""
        panel = self.panel("featured-image")
        panel.locator(".editor-post-featured-image__toggle").click()
        self.choose_media(media)
        panel.locator(".editor-post-featured-image img").wait_for()

    def plan(self, moment: datetime) -> None:
        """The day on which it is to be published; the hour stays."""
        self.settings().locator(_SCHEDULE).click()
        field = self.page.locator(".components-datetime__time")
        field.locator(".components-datetime__time-field-month select").select_option(f"{moment:%m}")
        field.locator(".components-datetime__time-field-year input").fill(f"{moment:%Y}")
        field.locator(".components-datetime__time-field-day input").fill(str(moment.day))
        field.locator(".components-datetime__time-field-day input").press("Tab")
        self.page.locator(".block-editor-inspector-popover-header__action").last.click()

    def ask_for_review(self) -> None:
        """Tick "pending review", the last box of the first panel; or choose it among the states."""
        if self._has_states():
            self._choose_state("pending")
        else:
            self.settings().locator(".edit-post-post-status input[type=checkbox]").last.check()

    def stick(self) -> None:
        """Tick "stick to the top of the blog": the first box of the first panel, or one beside the states."""
        box = self.settings().locator(_STICKY).or_(self.page.locator(_STICKY)).first
        if not box.is_visible():
            self._open_states()
        box.check()

    def author(self) -> Locator:
        """The list of the author's panel, once it is open."""
        opens = self.settings().locator(".editor-post-author__panel-toggle")
        if self._has_states():
            opens.click()
        return self.page.locator(_AUTHOR)

    def close_comments(self) -> None:
        """No comments are taken any more: a box of the last panel, or a choice beside the states."""
        if self._has_states():
            self.settings().locator(".editor-post-discussion__panel-toggle").click()
            self.page.locator(".editor-post-discussion input[value=closed]").check()
            return
        panel = self.panel("discussion-panel")
        panel.locator(".components-panel__body").last.locator("input[type=checkbox]").first.uncheck()

    def _has_states(self) -> bool:
        """Whether this editor has one list of states, as WordPress 6.6 and later, in place of boxes."""
        self.settings()
        return not self.page.locator(".edit-post-sidebar").count()

    def _open_states(self) -> None:
        self.settings().locator(".editor-post-status button").first.click()

    def _choose_state(self, state: Literal["pending", "private"]) -> None:
        self._open_states()
        self.page.locator(f".editor-change-status__options input[value={state}]").check()

    # saving

    def publish(self) -> None:
        """The two steps of "publish"; of a date to come it makes a plan."""
        self.page.locator(".editor-post-publish-panel__toggle").click()
        self.page.locator(".editor-post-publish-panel .editor-post-publish-button").click()
        self._saved()

    def publish_privately(self) -> None:
        """Visibility "private", which publishes at once; or the state of that name, which is then kept."""
        if self._has_states():
            self._choose_state("private")
            self.save()
            return
        self.settings().locator(".edit-post-post-visibility__toggle").click()
        self.page.locator(".editor-post-visibility__radio[value=private]").click()  # ticked once confirmed
        self.page.locator(".components-confirm-dialog .components-button.is-primary").click()
        self._saved()

    def protect(self, password: str) -> None:
        """Visibility "protected by a password"."""
        if self._has_states():
            self._open_states()
            self.page.locator(".editor-change-status__password-fieldset input[type=checkbox]").check()
            self.page.locator(".editor-change-status__password-input input").fill(password)
            return
        self.settings().locator(".edit-post-post-visibility__toggle").click()
        self.page.locator(".editor-post-visibility__radio[value=password]").check()
        self.page.locator(".editor-post-visibility__password-input").fill(password)

    def save(self) -> None:
        """Keep a draft, or what changed in a published one."""
        self.page.keyboard.press("Control+s")
        self._saved()

    def _saved(self) -> None:
        self.page.wait_for_function(
            """() => {
                const editor = wp.data.select('core/editor');
                return editor.didPostSaveRequestSucceed() && !editor.isEditedPostDirty() && !editor.isSavingPost()
                    && !wp.data.select('core/edit-post').isSavingMetaBoxes();
            }""",
            timeout=LOADING,
        )
