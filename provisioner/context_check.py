"""Proves that a context holds together: on the page, on its sites, and between them.

On paper: no sentence twice, French words only, prices and people the same wherever they are written. On a
fresh station of each site: every page that a link leads to answers, with its pictures and files, nothing
empty, no error; so do the back office's; what the company says of itself is there. Spelling needs
`hunspell` and its French dictionary; words that it can't know stand in the context's `words.txt`.
"""

import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from provisioner.config import read_toml
from provisioner.context_pages import Page
from provisioner.errors import StationNotReady
from provisioner.text import fold

#: More than any site of a context has; a crawl that reaches it is lost.
_MOST_PAGES = 600
_PATIENCE = 60.0
#: Keys whose values are names for machines.
_NAMES = {
    "slug", "file", "login", "email", "url", "domain", "id", "author", "parent", "user", "post", "page",
    "category", "reference", "carrier", "customer", "group", "picture", "icon", "logo", "role", "time", "color",
    "cover", "class", "colours", "front_page", "posts_page", "default_category",
    "first_name", "last_name", "address", "city", "states", "state", "payment", "by", "status", "gender", "zones",
}  # fmt: skip
#: A slug, a file, a constant: nothing that anyone reads.
_CODE = re.compile(r"[a-z0-9_./-]+|[A-Z0-9_-]+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n")
_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿœŒ’'-]+")


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where."""

    where: str
    what: str


def on_paper(scenario: Path) -> Iterator[Fault]:
    """What the files of a context say wrongly; spelling apart."""
    yield from repeated(written(scenario))
    yield from disagreements(scenario)


def written(scenario: Path) -> dict[str, str]:
    """Every text of a context, by the file that holds it."""
    texts = {}
    for file in sorted(scenario.glob("*/texts/*.html")):
        plain = re.sub(r"<!--.*?-->|\{\{[^}]*\}\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        plain = re.sub(r"</(?:p|h\d|li|td|th|cite|figcaption)>|<br\s*/?>|</a>(?=<)", "\n", plain)
        texts[f"{file.parent.parent.name}/{file.name}"] = unescape(re.sub(r"<[^>]+>", "", plain)).replace("\u00a0", " ")
    for file in sorted(scenario.glob("*/seed.toml")):
        said = "\n".join(re.sub(r"<[^>]+>", " ", one) for one in _strings(read_toml(file)))
        texts[f"{file.parent.name}/{file.name}"] = said.replace("\u00a0", " ")
    return texts


def repeated(texts: Mapping[str, str]) -> Iterator[Fault]:
    """Sentences that are written more than once; what has under eight words is no sentence."""
    where: dict[str, list[str]] = defaultdict(list)
    for name, text in texts.items():
        for sentence in _SENTENCE.split(text):
            if len(sentence.split()) >= 8:
                where[fold(sentence)].append(name)
    for sentence, names in where.items():
        if len(names) > 1:
            yield Fault(", ".join(sorted(set(names))), f"phrase écrite {len(names)} fois : « {sentence[:80]} »")


def disagreements(scenario: Path) -> Iterator[Fault]:
    """Prices and people that the company's description and its shop tell differently."""
    context = read_toml(scenario / "context.toml")
    seeds = {f"{path.parent.name}/{path.name}": read_toml(path) for path in sorted(scenario.glob("*/seed.toml"))}
    prices = {
        one["name"]: one["price"] for seed in seeds.values() for one in seed.get("products", []) if "price" in one
    }
    for offer in context.get("works_councils", {}).get("offers", []):
        if offer["name"] in prices and prices[offer["name"]] != offer["price"]:
            yield Fault(
                "context.toml", f"{offer['name']} : {offer['price']} €, mais {prices[offer['name']]} € en boutique"
            )
    known = {one["name"] for one in context.get("people", [])}
    for path, seed in seeds.items():
        for one in seed.get("employees", []):
            if (name := f"{one['first_name']} {one['last_name']}") not in known:
                yield Fault(path, f"l'employé {name} n'est pas dans context.toml")


def misspelled(texts: Mapping[str, str], scenario: Path) -> Iterator[Fault]:
    """Words that neither the French dictionary, nor the company's own list, nor its description knows."""
    if not shutil.which("hunspell"):
        yield Fault(
            "orthographe", "non contrôlée : installez hunspell et hunspell-fr (apt-get install hunspell hunspell-fr)"
        )
        return
    listed = scenario / "words.txt"
    own = {fold(line) for line in (listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []) if line}
    own |= {
        fold(word)
        for one in _strings(read_toml(scenario / "context.toml"))
        for word in _words(one)
        if word[0].isupper()
    }
    where: dict[str, set[str]] = defaultdict(set)
    for name, text in texts.items():
        for word in _words(text):
            where[word].add(name)
    asked = subprocess.run(
        ["hunspell", "-d", "fr_FR", "-i", "utf-8", "-l"],
        input="\n".join(where),
        text=True,
        capture_output=True,
        check=False,
    )
    if asked.returncode:
        yield Fault("orthographe", f"non contrôlée : {asked.stderr.strip()[:200]}")
        return
    refused = set(asked.stdout.split())
    for word, names in sorted(where.items()):
        parts = re.split(r"['-]", word)
        bad = word in refused or any(part in refused for part in parts)
        if bad and fold(word) not in own and not all(fold(part) in own or part not in refused for part in parts):
            yield Fault(", ".join(sorted(names)[:3]), f"mot inconnu : {word}")


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


def unsaid(pages: Mapping[str, Page], scenario: Path) -> Iterator[Fault]:
    """Facts about the company that none of these pages tells: address, telephone, and each shop's, with its hours."""
    context = read_toml(scenario / "context.toml")
    told = [fold(page.words) for page in pages.values()]
    for fact in (context["company"]["address"], context["company"]["phone"]):
        if not any(all(fold(part) in text for part in fact.split(", ")) for text in told):
            yield Fault("company", f"dit nulle part : {fact}")
    for shop in context["shops"]:
        wanted = [*shop["address"].split(", "), shop["phone"]]
        wanted += [time for line in shop["hours"] for time in re.findall(r"\d+ h(?: \d+)?", line["hours"])]
        if not any(all(fold(part) in text for part in wanted) for text in told):
            yield Fault(shop["name"], "aucune page ne donne ensemble son adresse, son téléphone et ses horaires")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if not _CODE.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            if key not in _NAMES and key not in (
                "theme_settings",
                "theme_css",
                "options",
                "configuration",
                "locations",
            ):
                yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _words(text: str) -> Iterator[str]:
    """Words, without addresses, nor what an apostrophe binds before them."""
    for word in _WORD.findall(re.sub(r"\S*[@/]\S*|&\w+;", " ", text).replace("’", "'")):
        if len(bare := word.strip("'-")) > 1:
            yield bare


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
