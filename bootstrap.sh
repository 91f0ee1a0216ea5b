#!/bin/sh
# Makes the Python environment (.venv) where it is missing or older than pyproject.toml: a fraction
# of a second when there is nothing to do. `bootstrap.sh dev` adds the developers' tools; what follows that
# word, or `run`, is then run in this process's place.
set -eu
# apt knows a proxy by its name in small letters alone.
[ -z "${HTTP_PROXY:-}" ] || export http_proxy="${http_proxy:-$HTTP_PROXY}"
[ -z "${HTTPS_PROXY:-}" ] || export https_proxy="${https_proxy:-$HTTPS_PROXY}"
[ -z "${NO_PROXY:-}" ] || export no_proxy="${no_proxy:-$NO_PROXY}"
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
child= beginning=
stop() {
    [ -z "$beginning" ] || child=${!-}
    if [ -n "$child" ]; then
        # Nothing goes on behind the sentence. More than once: who has only just begun loses what he hears.
        for _ in $(seq 100); do
            kill -- "-$child" 2>/dev/null || kill "$child" 2>/dev/null || break
            sleep 0.1
        done
    fi
    say "e5b : Interrompu : relancez la commande, elle reprendra la préparation."
    exit 130
}
trap stop INT TERM HUP

run() { # in the background, since a shell hears no signal while it waits for what runs in front
    beginning=yes
    "$@" &
    child=$! beginning=
    wait "$child" || {
        child=
        return 1
    }
    child=
}
# In the background too: what the caller named by a relative path stays where he is. In a session of its own, so that
# what it begins is ended with it.
at_home() {
    cd "$here" && exec setsid "$@"
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

has() { command -v "$1" >/dev/null; }
lacking() { # all that the doctor (provisioner/doctor/needs.py) would ask for next, so that whoever may install is asked once
    PATH=$PATH:/usr/sbin:/sbin user=$(id -un) packages=python3-venv more= reopen=
    if ! has docker || { [ -z "${DOCKER_HOST:-}" ] && ! has dockerd; }; then
        # Where the engine is there without its command, Debian has that in a package of its own since its version 13.
        if has dockerd; then packages="$packages docker-cli"; else packages="$packages docker.io"; fi
        start="systemctl enable --now docker"
        [ -d /run/systemd/system ] || start="service docker start"
        [ -n "${DOCKER_HOST:-}" ] || more=" && sudo $start"
    fi
    case " $(id -nG "$user") ${DOCKER_HOST:+docker} " in
    *" docker "*) ;;
    *) more="$more && sudo usermod --append --groups docker $user" reopen=" ; fermez puis rouvrez votre session" ;;
    esac
    has mmdebstrap || packages="$packages mmdebstrap debian-archive-keyring uidmap"
    if ! grep -qsx ID=debian /etc/os-release; then # what its browser needs has no one name
        program=$here/e5b
        case $program in *[!A-Za-z0-9_@%+=:,./-]*) program="'$program'" ;; esac
        more="$more && sudo $program doctor --fix"
    elif ! has chromium; then
        packages="$packages chromium chromium-sandbox fonts-dejavu-core fonts-liberation libatomic1 iproute2 util-linux"
    fi
    echo "sudo apt-get update && sudo apt-get install $packages$more$reopen"
}

if ! python=$(find_python); then
    if as_root true; then
        install python3-venv || true
        find_python >/dev/null || install python3.11-venv || true # Ubuntu 22.04's own is 3.10
    fi
    if ! python=$(find_python); then
        fail "e5b demande Python 3.11 et son module venv (sur Ubuntu 22.04 : python3.11-venv), puis d'autres outils ; une" \
            "personne qui a le droit d'installer doit lancer : $(lacking)"
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
    [ ! -L "$venv" ] || rm "$venv" # a link to another clone's, which --clear would empty
    run quiet "$python" -m venv --clear "$venv" \
        || fail "Le dossier $venv n'a pas pu être préparé : vérifiez la place sur le disque et le droit d'y écrire," \
            "puis recommencez."
fi

pip() { run at_home "$venv/bin/python" -m pip --quiet --disable-pip-version-check install "$@"; }

# Whichever was made, the program runs on it.
if [ "$kind" = dev ]; then
    pip 'pip>=25.1' && pip --group dev --editable . # the first that knows dependency groups
else
    pip --editable .
fi && wanted >"$stamp" && wanted >"$venv/stamp-run" || fail "L'installation des paquets Python a échoué : vérifiez l'accès au réseau, la place sur le" \
    "disque et le droit d'écrire dans $venv, puis recommencez."
# What root made in another user's clone is his: he goes on without sudo.
[ "$(id -u)" != 0 ] || chown -R -h --reference="$here" "$venv" || true
go_on "$@"
