"""A picture of a candidate's site, taken for staff."""

import pytest

from provisioner.core.errors import StationNotReady
from provisioner.core.model import Station
from provisioner.exam.working_time import start
from provisioner.examination.glance import glance
from provisioner.station.centre import Centre


@pytest.mark.browser
def test_the_home_page_is_seen_and_a_page_that_never_ends_is_said(centre: Centre, trial_station: Station) -> None:
    start(centre, trial_station.name)
    picture = glance(centre, trial_station)
    assert picture.startswith(b"\xff\xd8\xff")
    assert len(picture) > 10_000  # not an empty page
    endless = "<?php add_action('wp_head', function () { echo '<script>for (;;) {}</script>'; });"
    folder = "/var/www/html/wp-content/mu-plugins"
    plant = ["bash", "-euc", f"mkdir -p {folder}; cat >{folder}/endless.php <<'E'\n{endless}\nE"]
    planted = centre.engine.run(trial_station.container, plant, user="www-data")
    assert planted.status == 0, planted.stderr
    with pytest.raises(StationNotReady, match=r"ne s'est pas affichée en 15 secondes"):
        glance(centre, trial_station)
