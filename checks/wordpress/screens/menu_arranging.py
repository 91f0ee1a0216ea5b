"""Bringing a menu that is open on one of its screens to a wanted tree."""

from collections.abc import Sequence

from checks.wordpress.reading.menu_tree import MenuItem, walk
from checks.wordpress.screens.menu_editor import MenuEditor
from provisioner.french.text import same
from provisioner.subject.check import Desk


def arrange(desk: Desk, menu: MenuEditor, tree: Sequence[MenuItem], removed: Sequence[str] = ()) -> MenuEditor:
    """Bring the menu to the tree, one step of its screen after the other; without a tree, only take items out."""
    wanted = list(walk(tree))
    if not wanted:
        for title in removed:
            menu.remove(next(i for i, seen in enumerate(menu.titles()) if same(title, seen)))
        return menu
    items = [item for item, _ in wanted]
    _gather(desk, menu, items)
    for index in range(len(wanted)):
        for _ in range(menu.depth(index)):
            menu.move(index, "left")
    _put_in_order(menu, items)
    for index, (_, depth) in enumerate(wanted):
        for _ in range(depth):
            menu.move(index, "right")
    return menu


def _gather(desk: Desk, menu: MenuEditor, items: Sequence[MenuItem]) -> None:
    """Take out what isn't wanted, and add what is wanted and not there."""
    for index, title in reversed(list(enumerate(menu.titles()))):
        if not any(same(title, item.title) for item in items):
            menu.remove(index)
    for item in items:
        if not any(same(item.title, title) for title in menu.titles()):
            add(desk, menu, item)


def _put_in_order(menu: MenuEditor, items: Sequence[MenuItem]) -> None:
    """Move the items, which are all on the first level, into their order."""
    for index, item in enumerate(items):
        now = next(i for i, title in enumerate(menu.titles()) if i >= index and same(item.title, title))
        for step in range(now, index, -1):
            menu.move(step, "up")


def add(desk: Desk, menu: MenuEditor, item: MenuItem) -> None:
    """Add an item, and give it its title."""
    before = menu.titles()
    if item.page:
        menu.add_page(item.page)
    elif item.category:
        menu.add_category(item.category)
    else:
        menu.add_link(item.title, desk.address + item.url if item.url.startswith("/") else item.url or "#")
    titles = menu.titles()
    # The front page comes to the top, everything else to the end.
    new = next(i for i, title in enumerate(titles) if i >= len(before) or title != before[i])
    if not same(item.title, titles[new]):
        menu.rename(new, item.title)
