"""What ReadingSettings concludes from the settings and from what a visitor gets."""

from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.wordpress.navigation import FEED, POSTS_PER_PAGE, ReadingSettings
from checks.wordpress.reading import blog_settings
from checks.wordpress.reading.blog_settings import KeptReadingSettings
from provisioner.subject.check import Verdict


@pytest.fixture
def verdicts(monkeypatch: pytest.MonkeyPatch) -> Any:
    def examine(
        check: ReadingSettings,
        kept: KeptReadingSettings,
        whole: bool | None = None,
        shown: int = 12,
    ) -> dict[str, Verdict]:
        site = MagicMock()
        site.page.url = "http://site.test/ici/"
        monkeypatch.setattr(blog_settings, "kept_reading_settings", lambda site: kept)
        monkeypatch.setattr(blog_settings, "posts_on_blog", lambda site, path: shown)
        monkeypatch.setattr(blog_settings, "published_posts", lambda site: 12)
        monkeypatch.setattr(blog_settings, "blog_paths", lambda site: ["/un-article/"])
        monkeypatch.setattr(blog_settings, "feed_holds_whole_texts", lambda site: whole)
        found = check.verify(site)
        assert all(
            ("en montre aucun" in f.observed) == (not shown and bool(kept.posts_page))
            for f in found
            if f.fact == POSTS_PER_PAGE
        )
        return {f.fact: f.verdict for f in found}

    return examine


def kept(
    per_page: int = 10, per_feed: int = 10, excerpt: bool = False, blog: str = "/?page_id=6", slug: str = "actualites"
) -> KeptReadingSettings:
    return KeptReadingSettings(per_page, per_feed, excerpt, blog, slug)


def test_a_setting_is_asked_for() -> None:
    with pytest.raises(ValidationError, match="posts_per_page, feed_excerpt ou list_excerpt"):
        ReadingSettings()
    assert ReadingSettings(posts_per_page=15).facts() == (POSTS_PER_PAGE,)
    assert ReadingSettings(feed_excerpt=False).facts() == (FEED,)


@pytest.mark.parametrize("per_page", [14, 16, 10])
def test_only_the_wanted_number_of_posts_is_met(verdicts: Any, per_page: int) -> None:
    wanted = ReadingSettings(posts_per_page=15)
    assert verdicts(wanted, kept(per_page, per_feed=15)) == {POSTS_PER_PAGE: Verdict.NOT_MET}
    assert verdicts(wanted, kept(15)) == {POSTS_PER_PAGE: Verdict.MET}


def test_the_number_counts_even_where_the_blog_has_fewer_articles(verdicts: Any) -> None:
    assert verdicts(ReadingSettings(posts_per_page=15), kept(15)) == {POSTS_PER_PAGE: Verdict.MET}


def test_a_right_setting_of_a_blog_that_was_taken_away_is_for_a_person(verdicts: Any) -> None:
    wanted = ReadingSettings(posts_per_page=15)
    assert verdicts(wanted, kept(15, blog=""), shown=0) == {POSTS_PER_PAGE: Verdict.TO_JUDGE}
    assert verdicts(wanted, kept(14, blog=""), shown=0) == {POSTS_PER_PAGE: Verdict.NOT_MET}


@pytest.mark.parametrize(("per_page", "shown"), [(15, 0), (15, 11), (6, 5)])
def test_a_right_setting_that_the_blog_does_not_show_is_to_judge(verdicts: Any, per_page: int, shown: int) -> None:
    check = ReadingSettings(posts_per_page=per_page)
    assert verdicts(check, kept(per_page), shown=shown) == {POSTS_PER_PAGE: Verdict.TO_JUDGE}
    assert verdicts(check, kept(per_page), shown=min(per_page, 12)) == {POSTS_PER_PAGE: Verdict.MET}


def test_articles_that_are_pinned_come_besides(verdicts: Any) -> None:
    assert verdicts(ReadingSettings(posts_per_page=6), kept(6), shown=7) == {POSTS_PER_PAGE: Verdict.MET}


@pytest.mark.parametrize(
    ("blog", "slug", "verdict"),
    [("/", "", Verdict.MET), ("/?page_id=9", "nos-produits", Verdict.TO_JUDGE)],
)
def test_a_blog_in_front_is_looked_at_there_and_one_elsewhere_is_to_judge(
    verdicts: Any, blog: str, slug: str, verdict: Verdict
) -> None:
    found = verdicts(ReadingSettings(posts_per_page=15), kept(15, blog=blog, slug=slug))
    assert found == {POSTS_PER_PAGE: verdict}


def test_every_article_of_the_list_is_shown_as_asked(verdicts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def judged(*shapes: bool | None) -> Verdict:
        monkeypatch.setattr(blog_settings, "shapes_in_the_list", lambda site: list(shapes))
        [verdict] = verdicts(ReadingSettings(list_excerpt=False), kept()).values()
        assert isinstance(verdict, Verdict)
        return verdict

    assert judged(False, False) is Verdict.MET
    assert judged(True, True) is Verdict.NOT_MET
    assert judged(None, None) is Verdict.NOT_MET
    assert judged(False, True) is Verdict.TO_JUDGE
    assert judged() is Verdict.TO_JUDGE, "no list tells it"


@pytest.mark.parametrize("wanted", [True, False])
def test_the_feed_gives_what_is_asked(verdicts: Any, wanted: bool) -> None:
    check = ReadingSettings(feed_excerpt=wanted)
    assert verdicts(check, kept(excerpt=wanted), whole=not wanted) == {FEED: Verdict.MET}
    assert verdicts(check, kept(excerpt=wanted)) == {FEED: Verdict.MET}, "an empty feed says nothing"
    assert verdicts(check, kept(excerpt=not wanted), whole=wanted) == {FEED: Verdict.NOT_MET}
