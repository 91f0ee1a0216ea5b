"""Blocks as the editor stores them, for roads on which they need not be clicked together."""

from collections.abc import Mapping, Sequence


def paragraph(text: str) -> str:
    """A paragraph."""
    return f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->"


def query_loop(count: int) -> str:
    """The block "Boucle de requête" with the titles of the latest articles."""
    query = (
        f'{{"queryId":7,"query":{{"perPage":{count},"pages":0,"offset":0,"postType":"post","order":"desc",'
        '"orderBy":"date","author":"","search":"","exclude":[],"sticky":"","inherit":false}}'
    )
    return (
        f'<!-- wp:query {query} -->\n<div class="wp-block-query"><!-- wp:post-template -->\n'
        '<!-- wp:post-title {"isLink":true} /-->\n<!-- /wp:post-template --></div>\n<!-- /wp:query -->'
    )


def latest_posts(count: int) -> str:
    """The block "Derniers articles"."""
    return f'<!-- wp:latest-posts {{"postsToShow":{count}}} /-->'


def navigation(links: Sequence[tuple[str, str]]) -> str:
    """The block "Navigation" with links of its own: title and address of each."""
    inner = "\n".join(
        f'<!-- wp:navigation-link {{"label":"{title}","url":"{address}","kind":"custom","isTopLevelLink":true}} /-->'
        for title, address in links
    )
    return f'<!-- wp:navigation {{"overlayMenu":"never"}} -->\n{inner}\n<!-- /wp:navigation -->'


def image(address: str, alt: str = "", link: str = "") -> str:
    """A picture, with a link around it where one is given."""
    picture = f'<img src="{address}" alt="{alt}"/>'
    inside = f'<a href="{link}">{picture}</a>' if link else picture
    attributes = ' {"linkDestination":"custom"}' if link else ""
    return f'<!-- wp:image{attributes} -->\n<figure class="wp-block-image">{inside}</figure>\n<!-- /wp:image -->'


def social_icons(addresses: Mapping[str, str]) -> str:
    """The block of social icons: networks by WordPress's names, with their addresses."""
    inner = "".join(
        f'<!-- wp:social-link {{"url":"{address}","service":"{network}"}} /-->'
        for network, address in addresses.items()
    )
    return f'<!-- wp:social-links -->\n<ul class="wp-block-social-links">{inner}</ul>\n<!-- /wp:social-links -->'


def links(links: Sequence[tuple[str, str]]) -> str:
    """A list of links: title and address of each."""
    items = "\n".join(
        f'<!-- wp:list-item -->\n<li><a href="{address}">{title}</a></li>\n<!-- /wp:list-item -->'
        for title, address in links
    )
    return f"<!-- wp:list -->\n<ul>{items}</ul>\n<!-- /wp:list -->"
