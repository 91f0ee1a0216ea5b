#!/bin/sh
# Proves that the unit tests need Python and this repository, and nothing else of a machine: runs them in bare roots of
# Debian 12 and 13 (or of the suites that are named), as root and as an ordinary user, with loopback as the only network.
# Needs root and mmdebstrap. `sh tests/bare_roots.sh [SUITE...]`
set -eu
cd -- "$(dirname -- "$(readlink -f -- "$0")")/.."
[ "$(id -u)" = 0 ] || { echo "tests/bare_roots.sh needs root: run it with sudo." >&2; exit 2; }
[ $# != 0 ] || set -- bookworm trixie
failed=
work=$(mktemp -d /var/tmp/e5b-bare.XXXXXX)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT TERM HUP

inside() { # ROOT [unshare's options] -- COMMAND…, in a mount namespace that goes with it
    root=$1 options=
    shift
    while [ "$1" != -- ]; do
        options="$options $1"
        shift
    done
    shift
    unshare --mount --pid --fork --kill-child $options sh -euc '
        ip link set lo up
        root=$1
        shift
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        exec chroot "$root" "$@"' sh "$root" "$@"
}

for suite; do
    root=$work/$suite
    echo "== $suite: a bare root with Python"
    mmdebstrap --quiet --variant=minbase --include=python3,python3-venv "$suite" "$root" >&2
    # How this machine reaches the package index: only while the environment is made.
    for file in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
        [ ! -r "$file" ] || install -D -m 0644 "$file" "$root$file"
    done
    mkdir "$root/e5b" "$root/home/essai"
    git ls-files -coz --exclude-standard | xargs -0 sh -c 'for one; do [ ! -e "$one" ] || printf "%s\0" "$one"; done' sh \
        | tar --create --null --files-from=- | tar --extract --directory="$root/e5b" --no-same-owner
    echo "essai:x:1000:1000::/home/essai:/bin/sh" >>"$root/etc/passwd"
    chown 1000:1000 "$root/home/essai"
    inside "$root" -- /usr/bin/env --chdir=/e5b HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin sh bootstrap.sh dev true
    rm -f "$root/etc/pip.conf" "$root/etc/resolv.conf" "$root/etc/ssl/certs/ca-certificates.crt"
    echo "127.0.0.1 localhost" >"$root/etc/hosts"
    for user in root essai; do
        echo "== $suite: unit tests as $user"
        as=
        [ "$user" = root ] || as="setpriv --reuid=1000 --regid=1000 --clear-groups"
        home=$(awk -F: -v user="$user" '$1 == user { print $6 }' "$root/etc/passwd")
        inside "$root" --net -- /usr/bin/env -i --chdir=/e5b HOME="$home" USER="$user" LOGNAME="$user" LANG=C.UTF-8 \
            PATH=/e5b/.venv/bin:/usr/sbin:/usr/bin:/sbin:/bin $as python -m tests.run unit -p no:cacheprovider || failed="$failed $suite/$user"
    done
done
[ -z "$failed" ] || { echo "Failed in:$failed" >&2; exit 1; }
echo "The unit tests pass in bare roots of: $*"
