"""Building again gives the same site: every file, and the sorted dump, dates and secrets masked."""

import re
from collections import Counter

from provisioner.build.artifacts import Store
from provisioner.build.driver import Inside
from provisioner.build.overrides import load_overrides
from provisioner.build.stacks import build
from provisioner.core.model import Golden, Station
from provisioner.core.progress import Quiet
from provisioner.engine.protocol import ContainerSpec, Engine
from provisioner.host.editions import stack_named
from provisioner.host.paths import ROOT, Paths
from provisioner.host.settings import Settings
from provisioner.host.toml_files import read_toml
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import up

_SEED = ROOT / "scenarios/biscuiterie/wordpress/seed.toml"
_SHOP_SEED = ROOT / "scenarios/biscuiterie/prestashop/seed.toml"
_READY = "for _ in $(seq 600); do [ -S /run/mysqld/mysqld.sock ] && exit 0; sleep 0.1; done; exit 1"
#: As a date, or in seconds.
_DATE = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d|\b1[789]\d{8}\b")
#: What an installer or a form draws by chance: keys of customers and carts, a thread's token, salts.
_SECRET = re.compile(
    r"'[0-9a-f]{32}'|(?<='NW_SALT',)'\w+'|(?<='PS_NEWSLETTER_RAND',)'\d+'|(?<=\.test',)'\w{12}'(?=,'\(date\)')"
    r"|(?:(?<=_key',)|(?<=_salt',))'(?:[^'\\]|\\.)*'(?=,'no'\))"
)
#: What Symfony compiles of the shop's code, under names that it draws by chance.
_COMPILED = "/var/www/html/var/cache/prod"
#: Files that hold such keys and nothing else that differs.
_KEYS = re.compile(r"^[0-9a-f]{64}(?=  /opt/e5b/installed-parameters\.php$)")


def test_two_builds_give_the_same_site(engine: Engine, golden: Golden) -> None:
    paths = Paths.from_environment()
    store = Store(paths, load_overrides(paths.overrides))
    again = build(engine, stack_named(golden.stack), store, Settings(), Quiet())
    first, second = _picture(engine, golden), _picture(engine, again)
    assert len(first) > 1000
    gone, come = Counter(first) - Counter(second), Counter(second) - Counter(first)
    differs = [f"-{line[:300]}" for line in gone.elements()] + [f"+{line[:300]}" for line in come.elements()]
    assert not differs, "\n".join(differs)


def test_posts_have_the_days_that_the_seed_gives_them_published_or_not(engine: Engine, trial_station: Station) -> None:
    days = {one["title"]: one["days_ago"] for one in read_toml(_SEED)["posts"]}
    ask = (
        "select post_title, datediff(now(), post_date), post_modified = post_date, post_modified_gmt > 0 from wp_posts"
    )
    mariadb = ["mariadb", "--default-character-set=utf8mb4", "-N", "site", "-e"]
    told = engine.run(trial_station.container, [*mariadb, f"{ask} where post_type = 'post'"])
    rows = [line.split("\t") for line in told.stdout.decode().splitlines()]
    seen = {title: int(day) for title, day, *_ in rows}
    shift = seen[next(iter(days))] - next(iter(days.values()))  # the image may be of another day
    assert {title: day - shift for title, day in seen.items()} == days
    assert [title for title, _, *right in rows if right != ["1", "1"]] == []


def _picture(engine: Engine, golden: Golden) -> list[str]:
    twin = engine.create(
        ContainerSpec(
            name=f"e5b-picture-{golden.stack}",
            image=golden.image,
            labels={"e5b.kind": "twin"},
            entrypoint=("/usr/sbin/mariadbd", "--user=mysql"),
        )
    )
    try:
        engine.start(twin)
        Inside(engine, twin).run("bash", "-c", _READY)
        seen = engine.run(twin, ["/opt/e5b/picture"], privileged=True)
        assert seen.status == 0, seen.stderr.decode()
        lines = seen.stdout.decode(errors="replace").splitlines()
        return [_masked(line) for line in lines if _COMPILED not in line]
    finally:
        engine.remove(twin)


def _masked(line: str) -> str:
    return _KEYS.sub("(keys)", _SECRET.sub("(secret)", _DATE.sub("(date)", line)))


def test_the_shop_has_orders_in_every_state_and_its_lists_in_order(
    centre: Centre, engine: Engine, shop: Golden
) -> None:
    (station,) = up(centre, 1, ["prestashop-a"], shop)

    def asked(query: str) -> list[list[str]]:
        told = engine.run(station.container, ["mariadb", "-N", "site", "-e", query])
        assert told.status == 0, told.stderr
        return [line.split("\t") for line in told.stdout.decode().splitlines()]

    states = asked(
        "select id_order_state, count(id_order) from ps_order_state left join ps_orders"
        " on current_state = id_order_state where deleted = 0 group by id_order_state"
    )
    assert len(states) == 13
    assert [state for state, orders in states if orders == "0"] == []
    seed = read_toml(_SHOP_SEED)
    days = sorted(int(day) for (day,) in asked("select datediff(now(), date_add) from ps_orders"))
    told = sorted(one["days_ago"] for one in seed["orders"])
    assert [day - days[0] for day in days] == [day - told[0] for day in told]  # the image may be of another day
    assert asked(
        "select count(*) from ps_orders o where current_state <> (select id_order_state from ps_order_history h"
        " where h.id_order = o.id_order order by id_order_history desc limit 1)"
    ) == [["0"]]
    for table, key in (("customer", "id_customer"), ("orders", "id_order"), ("customer_thread", "id_customer_thread")):
        newer = f"select count(*) from ps_{table} a join ps_{table} b on a.{key} < b.{key} and a.date_add > b.date_add"
        assert asked(newer) == [["0"]], table
    late = "select count(*) from ps_order_history where date_add > now() or (hour(date_add) > 17 and id_employee > 0)"
    assert asked(late) == [["0"]]
    for category, positions in asked(
        "select id_category, group_concat(position order by position) from ps_category_product group by id_category"
    ):
        numbers = [int(one) for one in positions.split(",")]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), category
    outside = (
        "select count(*) from ps_category c join ps_category p on c.id_parent = p.id_category"
        " where c.nleft <= p.nleft or c.nright >= p.nright"
    )
    assert asked(outside) == [["0"]]  # a branch of the tree that the office's lists would lack
    assert asked("select count(*) from ps_search_word where word = 'palet'") == [["1"]]
    assert int(asked("select count(*) from ps_stock_mvt")[0][0]) > len(seed["products"])
