"""What an examiner reads in the screens: an answer that isn't one is the station's fault, never the candidate's."""

from typing import Any
from unittest.mock import MagicMock

import pytest

from checks.prestashop.reading.answers import Forbidden, Script, looked_up
from provisioner.core.errors import StationNotReady


def asked(answer: list[Any], own: bool = True) -> Any:
    site, page = MagicMock(), MagicMock()
    site.signed_in.return_value = page if own else MagicMock()
    site.answers.return_value = [answer]
    return looked_up(site, page, "http://x/gestion/", Script[Any]("page => []"))


def test_an_answer_is_what_its_reader_saw() -> None:
    assert asked([200, ["a"], False]) == ["a"]
    assert asked([404, None, False]) is None


def test_an_error_or_the_log_in_form_is_not_an_empty_list() -> None:
    for answer in ([500, None, False], [200, None, True]):
        with pytest.raises(StationNotReady):
            asked(answer)
    with pytest.raises(Forbidden, match="403"):
        asked([403, None, False])
    with pytest.raises(RuntimeError, match="410"):
        asked([410, None, False])


def test_an_employee_may_be_sent_away_from_a_screen() -> None:
    assert asked([200, None, True], own=False) is None
