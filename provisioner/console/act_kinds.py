"""The acts that the screen offers: which stations each leaves out and why, and the use-case that each calls.

They are those of the command line. What it leaves out of `--all`, an act leaves out of a selection; `anyway`, with a
reason, acts on it all the same, as naming a station on the command line does.
"""

from collections.abc import Mapping
from functools import partial

from provisioner.console import act_reasons, act_runs, series
from provisioner.console.act_kind import Kind, Queue
from provisioner.console.series_change import change_series

_ALL = (
    Kind(
        "start",
        "sera démarré",
        "seront démarrés",
        act_runs.start,
        act_reasons.cannot_start,
        forcible=True,
        fields=("why",),
    ),
    Kind(
        "extra",
        "aura plus de temps",
        "auront plus de temps",
        act_runs.give_time,
        act_reasons.cannot_be_given_time,
        forcible=True,
        in_turn={"anyway": "yes"},
        fields=("minutes", "why"),
    ),
    Kind(
        "stop",
        "sera arrêté",
        "seront arrêtés",
        act_runs.stop,
        act_reasons.cannot_stop,
        costs="Le temps s’arrête maintenant et la porte du candidat se ferme. Son travail reste, et du temps peut lui être "
        "redonné.",
        fields=("why",),
    ),
    Kind(
        "examine",
        "sera examiné",
        "seront examinés",
        act_runs.one_by_one(act_runs.examine, 2),
        act_reasons.without_work,
        act_reasons.will_be_examined_again,
        queue=Queue.WORK,
    ),
    Kind(
        "archive",
        "sera archivé",
        "seront archivés",
        act_runs.archive_all,
        act_reasons.without_work,
        queue=Queue.WORK,
    ),
    Kind(
        "reset",
        "sera remis à neuf",
        "seront remis à neuf",
        act_runs.reset,
        act_reasons.working,
        act_reasons.comes_next,
        costs="Un poste neuf prend la place de l’ancien. Le travail qui est dans l’ancien est archivé, puis relu ; l’ancien poste "
        "n’est retiré qu’après.",
        queue=Queue.SERIES,
    ),
    Kind(
        "next",
        "passera au suivant",
        "passeront au suivant",
        partial(act_runs.reset, skip=True),
        act_reasons.cannot_pass,
        partial(act_reasons.comes_next, skip=True),
        costs="Le candidat qui est absent n’est plus attendu à ce poste, qui est préparé pour le suivant. Ce qui y aurait été fait "
        "est archivé, puis relu.",
        queue=Queue.SERIES,
    ),
    Kind(
        "series",
        "passera au candidat suivant",
        "passeront au candidat suivant",
        change_series,
        series.left_out,
        series.comes_next,
        costs="Le travail de chaque candidat est archivé, puis relu ; un poste neuf ne prend la place du sien qu’après. Ce qui n’a "
        "pas été examiné l’est ensuite, dans son archive. Les postes où quelqu’un travaille restent comme ils sont.",
        of_room=True,
        queue=Queue.SERIES,
        fields=(series.ABSENT,),
    ),
    Kind(
        "replace",
        "sera remplacé",
        "seront remplacés",
        act_runs.one_by_one(act_runs.replace),
        costs="Un poste neuf prend la place de celui-ci, avec son travail. Le candidat ne peut rien faire tant que cela dure.",
        each_named=True,
        fields=("why",),
        queue=Queue.MOVES,
    ),
    Kind(
        "rewind",
        "sera ramené",
        "seront ramenés",
        act_runs.one_by_one(act_runs.rewind),
        act_reasons.cannot_go_back,
        costs="Le site du candidat redevient ce qu’il était au cliché. Ce qu’il a enregistré depuis n’y est plus ; cet état est "
        "gardé, et l’on peut y revenir.",
        each_named=True,
        fields=("to", "why"),
        queue=Queue.MOVES,
    ),
    Kind(
        "free",
        "pourra servir d’une autre machine",
        "pourront servir d’une autre machine",
        act_runs.one_by_one(act_runs.free),
        each_named=True,
        fields=("why",),
        queue=Queue.MOVES,
    ),
)
#: Every kind of act that the screen offers, in the order of its buttons.
KINDS: Mapping[str, Kind] = {kind.id: kind for kind in _ALL}
