#!/bin/sh
# Makes the Python environment (.venv) where it is missing or older than pyproject.toml: a fraction
# of a second when there is nothing to do. `bootstrap.sh dev` adds the developers' tools.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
venv=$here/.venv
kind=${1:-run}
stamp=$venv/stamp-$kind

wanted() { # what the environment was made for: this folder, these dependencies
    echo "$here"
    cat "$here/pyproject.toml"
}

if wanted | cmp -s - "$stamp" 2>/dev/null; then
    exit 0
fi

say() { echo "$*" >&2; }
trap 'say "e5b : Interrompu : relancez la commande, elle reprendra la préparation."; exit 130' INT TERM HUP

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif sudo -n true 2>/dev/null; then
        sudo -n "$@"
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
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends \
        -o DPkg::Lock::Timeout=600 "$@" >/dev/null
}

if ! python=$(find_python); then
    if as_root true; then
        install python3-venv || true
        find_python >/dev/null || install python3.11-venv || true # Ubuntu 22.04's own is 3.10
    fi
    if ! python=$(find_python); then
        say "e5b demande Python 3.11 et son module venv ; une personne qui a le droit d'installer doit" \
            "lancer : sudo apt-get install python3-venv (sur Ubuntu 22.04 : python3.11-venv)."
        exit 3
    fi
fi

say "Préparation de l'environnement Python…"
if ! fit "$venv/bin/python" || ! grep -qF "$venv/bin/python" "$venv/bin/pip"; then # none, or one that was moved
    "$python" -m venv --clear "$venv"
fi

pip() { "$venv/bin/python" -m pip --quiet --disable-pip-version-check install "$@"; }

cd "$here"
if [ "$kind" = dev ]; then
    pip 'pip>=25.1' # the first that knows dependency groups
    pip --group dev --editable .
else
    pip --editable .
fi || {
    say "L'installation des paquets Python a échoué : vérifiez l'accès au réseau, puis recommencez."
    exit 3
}
wanted >"$stamp"
