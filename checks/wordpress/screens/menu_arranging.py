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
    for index, title in reversed(list(enumerate(menu.titles()))):
        if not any(same(title, item.title) for item, _ in wanted):
            menu.remove(index)
    for item, _ in wanted:
        if not any(same(item.title, title) for title in menu.titles()):
            add(desk, menu, item)
    for index in range(len(wanted)):
        for _ in range(menu.depth(index)):
            menu.move(index, "left")
    for index, (item, _) in enumerate(wanted):
        now = next(i for i, title in enumerate(menu.titles()) if i >= index and same(item.title, title))
        for step in range(now, index, -1):
            menu.move(step, "up")
    for index, (_, depth) in enumerate(wanted):
        for _ in range(depth):
            menu.move(index, "right")
    return menu


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
