"""Goes round a site by its links: what doesn't answer, and what a page leaves empty."""

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

import httpx

from provisioner.context_pages import Page
from provisioner.context_texts import Fault
from provisioner.errors import StationNotReady

#: More than any site of a context has; a crawl that reaches it is lost.
_MOST_PAGES = 600
_PATIENCE = 60.0


def crawled(
    address: str, starts: Iterable[str], cookies: Mapping[str, str], follow: re.Pattern[str]
) -> tuple[dict[str, Page], list[Fault]]:
    """Every page that is reached from these paths by links that `follow` allows, and what is wrong with them."""
    # One session: the addresses of a back office hold tokens of it.
    with httpx.Client(cookies=dict(cookies), follow_redirects=True, trust_env=False, timeout=_PATIENCE) as client:
        return _crawled(client, address, starts, follow)


def _crawled(
    client: httpx.Client, address: str, starts: Iterable[str], follow: re.Pattern[str]
) -> tuple[dict[str, Page], list[Fault]]:
    pages: dict[str, Page] = {}
    faults: list[Fault] = []
    waiting = [(address + path, "") for path in starts]
    asked = {url for url, _ in waiting}
    files: dict[str, str] = {}
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
        files |= {file: url for file in page.files if file.startswith(address) and file not in files}
        for link in page.links:
            if link.startswith(address) and link not in asked and follow.search(link.removeprefix(address)):
                asked.add(link)
                waiting.append((link, url))
    if waiting:
        faults.append(Fault(address, f"plus de {_MOST_PAGES} pages : le parcours s'est perdu"))
    for file, source in files.items():
        answer = _asked(client, file)
        if answer.status_code != 200 or not answer.content:
            status = f"{_path(file)} : répond {answer.status_code}, {len(answer.content)} octets"
            faults.append(Fault(_path(source), status))
    return pages, faults


def empty(pages: Mapping[str, Page]) -> Iterator[Fault]:
    """Elements of these pages that hold nothing."""
    for url, page in pages.items():
        for hole in sorted(set(page.holes)):
            yield Fault(_path(url), f"élément vide : {hole}")


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
