"""Keeps what a site answered to a check, so that the same code, or a newer one, can judge the same answers again.

What differs each time that a station is made, its address, tokens and keys, is masked, in requests and answers alike. An
answer comes from a candidate's site: it is kept as data, is bounded, and is never evaluated.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Protocol
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    SerializerFunctionWrapHandler,
    ValidatorFunctionWrapHandler,
    WrapSerializer,
    WrapValidator,
    field_serializer,
)

from provisioner.core.model import Verdict
from provisioner.examination.additions import Additions
from provisioner.examination.asked import Asks, Request, document
from provisioner.host.paths import ROOT
from provisioner.subject.page import Json

#: The host of every site in a recording, and what stands in it for each token and key.
HOST, TOKEN = "poste.example", "jeton"
#: How long an answer may be, in characters of its JSON. A longer one is left out, and what rests on it must be asked again.
LONGEST = 1_000_000
#: From how many characters on a script, and any other text, of a request is kept as its digest.
_LONG_SCRIPT, _LONG_TEXT = 200, 2000
#: A request as it is kept, and its answer; the answer of a request that got one too long is `CUT`.
Asked = tuple[str, Json]
CUT = {"e5b": "cut"}
#: How much is kept of a look, in characters: of one that asks more there is no recording.
ROOM = 20_000_000
#: How many tokens and keys a look may have; PrestaShop's menu alone has some hundred.
_MOST_SECRETS = 2000
_NO_OPENING = ("", 0)


def _with_zone(moment: datetime, written: SerializerFunctionWrapHandler) -> str:
    return f"{written(moment)}[{moment.tzinfo.key}]" if isinstance(moment.tzinfo, ZoneInfo) else str(written(moment))


def _in_zone(value: object, read: ValidatorFunctionWrapHandler) -> datetime:
    text, bracket, zone = value.partition("[") if isinstance(value, str) else (value, "", "")
    moment: datetime = read(text)
    return moment.astimezone(ZoneInfo(zone.removesuffix("]"))) if bracket else moment


#: As RFC 9557 writes it, `2026-12-07T10:59:57+01:00[Europe/Paris]`: in summer the same zone has another hour.
_Moment = Annotated[datetime, WrapSerializer(_with_zone, when_used="json"), WrapValidator(_in_zone)]


class NotAsked(Exception):
    """What a check asks now was not asked when the recording was made: the site must be looked at again."""


class Copied(Asks, Protocol):
    """A copy of a station that answers."""

    @property
    def cms(self) -> str:
        """The CMS of the site."""


class RecordedLook(BaseModel):
    """What a site answered to one look of a check, at the time `present`; `withheld` as in second_look.Look."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    present: _Moment
    asked: tuple[Asked, ...]
    withheld: tuple[str, ...] = ()


class Recorder:
    """Passes requests on, and keeps them with their answers (asked.Asks).

    `lost` is true when something couldn't be answered, which is the station's fault, the program's or a check's, or when the
    answers were too many: there is no recording then.
    """

    def __init__(self, site: Copied) -> None:
        self._site = site
        #: Each request with its answer, as JSON at once: a check may change what it was given. Nothing of one too long.
        self._kept: list[tuple[str, str]] = []
        self._secrets: list[str] = []
        #: Each piece of evidence: what it is called, and the request of a picture.
        self._evidence: dict[str, tuple[str, str]] = {}
        self._present: datetime | None = None
        self._room, self._aside = ROOM, False
        self.lost = False

    @property
    def address(self) -> str:
        """See check.Site."""
        return self._site.address

    @property
    def taken_at(self) -> datetime:
        """See check.Site."""
        return self._site.taken_at

    @property
    def present(self) -> datetime:
        """See check.Site. It is the time at which it was asked first."""
        self._present = self._present or self._site.present
        return self._present

    @property
    def company(self) -> Path:
        """See check.Site."""
        return self._site.company

    def file(self, name: str) -> Path:
        """See check.Site."""
        return self._site.file(name)

    def note(self, name: str, text: str) -> str:
        """See check.Site."""
        path = self._site.note(name, text)
        self._evidence[path] = (name, "")
        return path

    @property
    def size(self) -> int:
        """How long all that was asked and answered is, in characters."""
        return ROOM - self._room

    def ask(self, request: Request, name: str = "") -> Json:
        """See asked.Asks."""
        try:
            answer = self._site.ask(request, name)
        except BaseException:
            self.lost = True
            raise
        if request.verb == "shot":
            self._evidence[str(answer)] = (name, as_json([_shape(request)]))
        if not self._aside:
            for one, of_one in each_alone(request, answer):
                self._keep(one, None if one.verb == "shot" else of_one)
        return answer

    def once(self, request: Request, ask: Callable[[], str]) -> str:
        """See asked.Asks. What `ask` asks for it is no part of the recording, since it isn't asked every time."""
        self._aside = True
        try:
            answer = self._site.once(request, ask)
        finally:
            self._aside = False
        self._secrets.append(answer)
        self._keep(request, answer)
        return answer

    def _keep(self, request: Request, answer: Json) -> None:
        asked, text = as_json([_shape(request)]), as_json(answer)
        text = text if len(text) <= LONGEST else as_json(CUT)
        self._room -= len(asked) + len(text)
        if self._room < 0:
            self.lost = True
            self._kept.clear()
        if not self.lost:
            self._kept.append((asked, text))

    def look(self, withheld: tuple[str, ...] = ()) -> tuple[RecordedLook, Callable[[str], str], dict[str, str]]:
        """What was asked and answered, masked; what masks another text of the same look; and what each piece of evidence shows."""
        texts = [text for pair in self._kept for text in pair]
        mask = masks(self._site.cms, self.address, texts, self._secrets)
        asked = tuple((_key(mask(request)), json.loads(mask(answer))) for request, answer in self._kept)
        shown = {
            path: _shown(mask(name), _key(mask(request)) if request else "")
            for path, (name, request) in self._evidence.items()
        }
        return RecordedLook(present=self.present, asked=asked, withheld=withheld), mask, shown


class Recording(BaseModel):
    """What the verdicts of a check on a site rest on, and the verdicts: `found` has fact, verdict, expected and observed.

    `shown` are the pictures and notes of each of these, by their names and the digests of their requests. `without` is the
    second look, without the programs that were added, where there was one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    check: str
    values: dict[str, Json]
    edition: str
    taken_at: _Moment
    additions: Additions = Additions()
    whole: RecordedLook
    without: RecordedLook | None = None
    found: tuple[tuple[str, Verdict, str, str], ...]
    shown: tuple[tuple[str, ...], ...]

    @field_serializer("additions", mode="wrap")
    def _serialize_additions(self, additions: Additions, written: SerializerFunctionWrapHandler) -> dict[str, Json]:
        """Without a kind that earlier recordings don't have, where there is none of it: their digests stand."""
        said: dict[str, Json] = written(additions)
        return {name: value for name, value in said.items() if value or name != "in_database"}


class Recorded:
    """Answers as a site did (asked.Asks). A request that it wasn't asked raises NotAsked, which says the request."""

    def __init__(self, look: RecordedLook, taken_at: datetime, company: Path, documents: Sequence[Path]) -> None:
        self.taken_at, self.present, self.company = taken_at, look.present, company
        self.address = f"http://{HOST}"
        self._documents = documents
        #: As JSON, since a check may change what it is given.
        self._answers: dict[str, list[str]] = {}
        for request, answer in look.asked:
            self._answers.setdefault(request, []).append(as_json(answer))
        self._times: dict[str, int] = {}

    def file(self, name: str) -> Path:
        """See check.Site."""
        return document(name, self._documents)

    def note(self, name: str, text: str) -> str:
        """See check.Site. Nothing is kept."""
        return _shown(name, "")

    def ask(self, request: Request, name: str = "") -> Json:
        """See asked.Asks."""
        answers = [self._answer(one) for one, _ in each_alone(request, None)]
        if request.verb == "answers":
            return answers
        return _shown(name, _key(as_json([_shape(request)]))) if request.verb == "shot" else answers[0]

    def once(self, request: Request, ask: Callable[[], str]) -> str:
        """See asked.Asks."""
        return str(self._answer(request))

    def _answer(self, request: Request) -> Json:
        """The next answer to this request; past the last of them the same again, where all were equal."""
        key = _key(as_json([_shape(request)]))
        answers = self._answers.get(key, [])
        time = self._times[key] = self._times.get(key, 0) + 1
        if time > len(answers) and (not answers or any(answer != answers[0] for answer in answers)):
            raise NotAsked(key)
        answer: Json = json.loads(answers[min(time, len(answers)) - 1])
        if answer == CUT:
            raise NotAsked(f"{key} (une réponse trop longue)")
        return answer


def each_alone(request: Request, answer: Json) -> list[tuple[Request, Json]]:
    """A request with its answer; of one for several answers, each apart, since another time fewer or more may be asked."""
    if request.verb != "answers":
        return [(request, answer)]
    items, *how = request.about
    answers = answer if answer is not None else [None] * len(items)
    return [(replace(request, about=[[item], *how]), one) for item, one in zip(items, answers, strict=True)]


def as_json(value: Json) -> str:
    """A value as compact JSON; a browser may also give a date, or what else JSON has no word for, as a text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def masks(cms: str, address: str, texts: Sequence[str], secrets: Iterable[str] = ()) -> Callable[[str], str]:
    """What masks the texts of a recording: the site's host, the secrets, and what a pattern of the CMS finds in any of them.

    ValueError where these are so many that no CMS made them: each costs time.
    """
    host = urlsplit(address).netloc
    found = {secret for secret in secrets if secret}
    for pattern in _patterns(cms):
        for text in texts:
            found.update(pattern.findall(text))
    if len(found) > _MOST_SECRETS:
        raise ValueError(f"{len(found)} tokens and keys")
    words: Mapping[str, str] = {**dict.fromkeys(found, TOKEN), host: HOST, quote(host, safe=""): HOST}
    every = re.compile(_alternation(words))
    return lambda text: every.sub(lambda match: words[match[0]], text)


def _alternation(words: Iterable[str], shared: int = 2) -> str:
    """A pattern that matches any of these words, the longest where it can.

    Words with the same `shared` first characters stand together: to try some hundred words at each place of a text is slow.
    """
    longest_first = sorted(words, key=len, reverse=True)
    if not shared:
        return "|".join(map(re.escape, longest_first))
    rests: dict[str, list[str]] = {}
    for word in longest_first:
        rests.setdefault(word[:1], []).append(word[1:])
    return "|".join(f"{re.escape(first)}(?:{_alternation(rest, shared - 1)})" for first, rest in rests.items())


@cache
def _patterns(cms: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of tokens and keys in what a CMS answers; the group of each is what is masked."""
    table = tomllib.loads((ROOT / "checks" / cms / "masks.toml").read_text(encoding="utf-8"))
    return tuple(re.compile(pattern) for pattern in table["secrets"].values())


def _shown(name: str, key: str) -> str:
    """What a piece of evidence shows: its name, and the digest of a picture's request."""
    return f"{name} {digest(key)}" if key else name


def _shape(request: Request) -> dict[str, Json]:
    """What a request says, as JSON; what is empty is left out."""
    said = {
        "verb": request.verb,
        "page": request.page,
        "opened": request.opened if request.opened != _NO_OPENING else (),
        "since": request.since,
        "where": request.where,
        "about": request.about,
        "acts": request.acts,
    }
    return {name: value for name, value in said.items() if value not in ("", (), None)}


def _key(masked: str) -> str:
    """A request as it is kept: long texts by their digests, as are the acts before it."""
    (said,) = json.loads(masked)
    if "acts" in said:
        said["acts"] = digest(as_json(said["acts"]))
    return as_json(_shortened(said))


def _shortened(value: Json) -> Json:
    if isinstance(value, str):
        longest = _LONG_SCRIPT if "=>" in value else _LONG_TEXT
        return value if len(value) <= longest else f"#{digest(value)}"
    if isinstance(value, list):
        return [_shortened(one) for one in value]
    return {name: _shortened(one) for name, one in value.items()} if isinstance(value, dict) else value


def digest(text: str) -> str:
    """The digest by which a request names a long text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
