"""Goes round a site by its links: what doesn't answer, and what a page leaves empty."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

import httpx

from provisioner.context.pages import Page
from provisioner.context.texts import Fault
from provisioner.core.errors import StationNotReady

#: More than any site of a context has; a crawl that reaches it is lost.
_MOST_PAGES = 800
#: More than a context has of anything; what there is more of is the CMS's own.
_MOST_ALIKE = 100
_PATIENCE = 60.0


def crawled(
    address: str,
    starts: Iterable[str],
    cookies: Mapping[str, str],
    follow: re.Pattern[str],
    shut: re.Pattern[str] | None = None,
) -> tuple[dict[str, Page], list[Fault]]:
    """Every page that is reached from these paths by links that `follow` allows, and what is wrong with them.

    What it matches of a link's path is opened: where one comes from may be left out of it.
    Of pages whose addresses differ by numbers alone, some dozens; where `shut` leads, nothing is shown.
    """
    # One session: the addresses of a back office hold tokens of it.
    with httpx.Client(cookies=dict(cookies), follow_redirects=True, trust_env=False, timeout=_PATIENCE) as client:
        pages, faults = _pages(client, address, starts, follow)
        if shut:
            faults += [
                Fault(_path(url), "ne s'ouvre pas") for url, page in pages.items() if shut.search(_path(page.address))
            ]
        return pages, [*faults, *_missing(client, address, pages)]


def _pages(
    client: httpx.Client, address: str, starts: Iterable[str], follow: re.Pattern[str]
) -> tuple[dict[str, Page], list[Fault]]:
    pages: dict[str, Page] = {}
    faults: list[Fault] = []
    waiting = [(address + path, "") for path in starts]
    asked = {url for url, _ in waiting}
    alike: Counter[str] = Counter()
    while waiting and len(pages) < _MOST_PAGES:
        url, source = waiting.pop(0)
        where = _path(url) + (f" (depuis {_path(source)})" if source else "")
        answer = _asked(client, url)
        if answer.status_code != 200 or not answer.content:
            faults.append(Fault(where, f"répond {answer.status_code}, {len(answer.content)} octets"))
            continue
        if "html" not in answer.headers.get("content-type", ""):
            continue
        pages[url] = page = Page(str(answer.url), answer.content.decode(errors="replace"))
        faults += [Fault(where, f"erreur de PHP : {error}") for error in page.errors]
        for link in page.links:
            found = follow.search(link.removeprefix(address)) if link.startswith(address) else None
            if found and (wanted := address + found[0]) not in asked:
                asked.add(wanted)
                kind = re.sub(r"token=[\w-]+|\d+", "#", found[0])
                alike[kind] += 1
                if alike[kind] <= _MOST_ALIKE:
                    waiting.append((wanted, url))
    if waiting:
        faults.append(Fault(address, f"plus de {_MOST_PAGES} pages : le parcours s'est perdu"))
    return pages, faults


def _missing(client: httpx.Client, address: str, pages: Mapping[str, Page]) -> Iterator[Fault]:
    files: dict[str, str] = {}
    for url, page in pages.items():
        for file in page.files:
            files.setdefault(file, url)
    for file, source in files.items():
        if not file.startswith(address):
            continue
        answer = _asked(client, file)
        if answer.status_code != 200 or not answer.content:
            yield Fault(_path(source), f"{_path(file)} : répond {answer.status_code}, {len(answer.content)} octets")


def empty(pages: Mapping[str, Page], hollow: Iterable[str] = ()) -> Iterator[Fault]:
    """Elements of these pages that hold nothing, but for the `hollow` ones, which the site leaves so by itself."""
    for url, page in pages.items():
        for hole in sorted({hole for hole in page.holes if not any(known in hole for known in hollow)}):
            yield Fault(_path(url), f"élément vide : {hole}")


def in_english(pages: Mapping[str, Page], english: Iterable[str]) -> Iterator[Fault]:
    """Elements and labels whose whole text is one of these: the catalogue or the seed has lost it.

    Not any English: a CMS holds sentences that none of its catalogues has.
    """
    where: dict[str, list[str]] = defaultdict(list)
    for url, page in pages.items():
        for text in {*page.pieces, *page.labels}.intersection(english):
            where[text].append(_path(url))
    for text, paths in sorted(where.items()):
        yield Fault(paths[0], f"en anglais : « {text} »" + (f", et sur {len(paths) - 1} autres" if paths[1:] else ""))


def _asked(client: httpx.Client, url: str) -> httpx.Response:
    """What the station answers, redirections followed; whatever its status."""
    try:
        return client.get(url)
    except httpx.TooManyRedirects as error:
        return httpx.Response(310, request=error.request)
    except httpx.HTTPError as error:
        raise StationNotReady(f"Le poste n'a pas répondu à {url} ({error}).") from error


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
