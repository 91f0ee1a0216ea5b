#!/bin/sh
# Makes the Python environment (.venv) where it is missing or older than pyproject.toml: a fraction
# of a second when there is nothing to do. `bootstrap.sh dev` adds the developers' tools; what follows that
# word, or `run`, is then run in this process's place.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
venv=$here/.venv
kind=${1:-run}
[ $# = 0 ] || shift
stamp=$venv/stamp-$kind

wanted() { # what the environment was made for: this folder, this Python, these dependencies
    echo "$here"
    readlink -e "$venv/bin/python" || true # a newer system has another, or none there
    cat "$here/pyproject.toml"
}

made() { wanted | cmp -s - "$stamp" 2>/dev/null; }
go_on() {
    exec 9<&- # the lock below: what runs from here on prepares nothing
    [ $# = 0 ] || exec "$@"
    exit 0
}

if made; then
    go_on "$@"
fi

say() { echo "$*" >&2; }
fail() {
    say "e5b : $*"
    exit 3
}
child=
stop() {
    if [ -n "$child" ]; then
        kill "$child" 2>/dev/null || true
        wait "$child" || true # nothing goes on behind the sentence
    fi
    say "e5b : Interrompu : relancez la commande, elle reprendra la préparation."
    exit 130
}
trap stop INT TERM HUP

run() { # in the background, since a shell hears no signal while it waits for what runs in front
    "$@" &
    child=$!
    wait "$child" || {
        child=
        return 1
    }
    child=
}
at_home() { # in the background too: what the caller named by a relative path stays where he is
    cd "$here" && exec "$@"
}
quiet() { at_home "$@" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif sudo -n true 2>/dev/null; then
        # By their names: what they hold may be a password, which the list of processes would show.
        kept=$(env | sed -nE 's/^((http|https|no)_proxy|(HTTP|HTTPS|NO)_PROXY)=.*/\1/p' | sort | paste -sd, -)
        sudo -n ${kept:+"--preserve-env=$kept"} "$@"
    else
        return 1
    fi
}

fit() { "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for python in python3 /usr/bin/python3 python3.14 python3.13 python3.12 python3.11; do
        if fit "$python"; then
            echo "$python"
            return 0
        fi
    done
    return 1
}

install() {
    say "Installation de $1…"
    as_root apt-get update -qq >&2 || true
    # In a session of its own: an installation that Ctrl-C reached would leave packages half configured.
    as_root setsid -w env DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends \
        -o DPkg::Lock::Timeout=600 "$@" >/dev/null
}

if ! python=$(find_python); then
    if as_root true; then
        install python3-venv || true
        find_python >/dev/null || install python3.11-venv || true # Ubuntu 22.04's own is 3.10
    fi
    if ! python=$(find_python); then
        fail "e5b demande Python 3.11 et son module venv ; une personne qui a le droit d'installer doit" \
            "lancer : sudo apt-get update && sudo apt-get install python3-venv (sur Ubuntu 22.04 : python3.11-venv)."
    fi
fi

# Of two first starts at once, one waits and finds it made. The lock is the folder's, and goes with its last holder.
if [ -r "$here" ] && command -v flock >/dev/null; then
    exec 9<"$here"
    taken=0
    flock -n 9 2>/dev/null || taken=$?
    if [ "$taken" = 1 ]; then # any other code: a disk that knows no locks
        say "Une autre commande prépare l'environnement Python : attente…"
        run flock -w 1800 9 || fail "Une autre commande prépare $venv depuis une demi-heure : attendez qu'elle finisse," \
            "ou arrêtez-la, puis recommencez."
    fi
    if made; then
        go_on "$@"
    fi
fi

say "Préparation de l'environnement Python…"
# None, one that was moved, or one whose Python is another since, or whose pip was cut short.
if ! fit "$venv/bin/python" || ! grep -qsF "$venv/bin/python" "$venv/bin/pip" \
    || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    run quiet "$python" -m venv --clear "$venv" \
        || fail "Le dossier $venv n'a pas pu être préparé : vérifiez la place sur le disque et le droit d'y écrire," \
            "puis recommencez."
fi

pip() { run at_home "$venv/bin/python" -m pip --quiet --disable-pip-version-check install "$@"; }

if [ "$kind" = dev ]; then
    pip 'pip>=25.1' && pip --group dev --editable . # the first that knows dependency groups
else
    pip --editable .
fi && wanted >"$stamp" || fail "L'installation des paquets Python a échoué : vérifiez l'accès au réseau, la place sur le" \
    "disque et le droit d'écrire dans $venv, puis recommencez."
go_on "$@"
