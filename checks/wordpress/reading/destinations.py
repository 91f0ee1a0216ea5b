"""Where a link of the site ends, and whether that is where it must."""

import re
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from checks.wordpress.reading.answers import fetched, rest_all
from checks.wordpress.reading.contents import Body, leads_to, plain
from checks.wordpress.reading.wording import agreed, towards
from provisioner.french.text import nearly_same, plainly
from provisioner.subject.check import Site, Verdict
from provisioner.subject.page import Page

#: Where links stand that nobody wrote into the text.
IN_A_LIST = "dans une liste que le site fait (Navigation, Liste des pages, Derniers articles)"
#: Where addresses end, as the visitor of a site learned it.
_ends: "WeakKeyDictionary[Page, dict[str, str]]" = WeakKeyDictionary()


def followed(site: Site, address: str) -> str:
    """Where an address of the site ends: "/?page_id=5" and "/accueil/" are sent on to the page's own address.

    Files, the office and the log-in form are sent on nowhere. What was copied from a preview shows a visitor the same;
    "https" for the site's own "http" means it too, though nothing would answer there.
    """
    parts, own = urlsplit(address), urlsplit(site.address)
    if parts.netloc != own.netloc:
        return address
    address = parts._replace(scheme=own.scheme).geturl()
    if re.match(r"/(wp-|xmlrpc)", parts.path):
        return address
    ends = _ends.setdefault(site.page, {})
    asked = re.sub(r"(?<=[?&])preview(_id|_nonce)?=\w+(&|$)", "", address.partition("#")[0]).rstrip("?&")
    if asked not in ends:
        ends[asked] = fetched(site, site.page, asked, method="HEAD").url
    return ends[asked] + (f"#{parts.fragment}" if parts.fragment else "")


def one_leads_to(site: Site, addresses: Sequence[str], wanted: str) -> bool:
    """Whether one of the addresses leads to the wanted one, be it by another address.

    A path of the site means the page, article, category or tag of that slug, whatever its address is now.
    """
    if any(leads_to(one, wanted, site.address) for one in addresses):
        return True
    ends = [followed(site, one) for one in addresses]
    return any(leads_to(end, place, site.address) for place in (wanted, *_places(site, wanted)) for end in ends)


def links_verdict(site: Site, body: Body, wanted: Sequence[str]) -> tuple[Verdict, str]:
    """Whether a text leads to all of these, and where it leads."""
    targets, more = ([link.address for link in links] for links in (body.links, body.made))
    missing = [one for one in wanted if not one_leads_to(site, targets, one)]
    own = site.address
    seen = ", ".join(f"« {link.text} » {towards(link.address.removeprefix(own) or '/')}" for link in body.links)
    seen = seen or "aucun lien dans le texte"
    if missing and more and all(one_leads_to(site, more, one) for one in missing):
        return Verdict.TO_JUDGE, f"{seen} ; à lire : {agreed(missing, 'n’est', 'ne sont')} que {IN_A_LIST}"
    return (Verdict.NOT_MET if missing else Verdict.MET), seen


def _places(site: Site, wanted: str) -> Iterator[str]:
    path, mark, fragment = wanted.partition("#")
    slug = path.strip("/").rpartition("/")[2]
    if not path.startswith("/") or not re.fullmatch(r"[\w-]+", slug):
        return
    for link in addresses(site, ("pages", "posts", "categories", "tags"), [slug])[slug]:
        yield f"{link}{mark}{fragment}"


def addresses(site: Site, routes: Sequence[str], names: Collection[str]) -> dict[str, list[str]]:
    """Where the pages, posts… of these slugs are; where nothing has one, those so named, or nearly so.

    What a candidate makes has a slug of its own: it stays when its name is corrected.
    """
    rows = [
        (item["slug"], plain(item["name"] if "name" in item else item["title"]["rendered"]), item["link"])
        for route in (routes if names else ())
        for item in rest_all(site, f"wp/v2/{route}?_fields=slug,name,title,link")
    ]
    return {
        name: [link for slug, _, link in rows if slug == name]
        or [link for _, called, link in rows if plainly(called) == plainly(name)]
        or [link for _, called, link in rows if nearly_same(name, called)]
        for name in names
    }
