#!/bin/sh
# Starts Chromium in a network of its own, and never as root, who is refused its sandbox. Playwright
# takes this file for the browser, whose debugging pipe (3 and 4) stays open. From browser.py: HOME,
# the browser's folder; E5B_BROWSER, the program; E5B_PYTHON; E5B_PORT, the one to hand over, or 0;
# E5B_UID and E5B_GID, the user whom root becomes.
set -eu
if [ -z "${E5B_APART-}" ]; then
    export E5B_APART=yes
    [ -n "${E5B_UID-}" ] || exec unshare --user --map-current-user --keep-caps --net -- "$0" "$@"
    exec unshare --net -- "$0" "$@"
fi
# With loopback alone a page would be told that it is offline. Its link leads to itself; without IPv6,
# whose addresses settle late, nothing changes any more when Chromium looks.
ip -batch - <<END
link set lo up
link add e5b0 type veth peer name e5b1
link set e5b0 addrgenmode none
link set e5b1 addrgenmode none
address add 192.0.2.1/32 dev e5b0
link set e5b1 up
link set e5b0 up
END
# The port belongs to this network, whoever accepts what comes there: relay.py does, outside.
[ "$E5B_PORT" = 0 ] || "$E5B_PYTHON" -I -S -c '
import socket, sys
port = socket.create_server(("127.0.0.1", int(sys.argv[2])), backlog=128)
with socket.socket(socket.AF_UNIX) as way:
    way.connect(sys.argv[1])
    socket.send_fds(way, [b"."], [port.fileno()])
' "$HOME/port" "$E5B_PORT"
for word; do
    shift
    # Playwright's profile is root's; this one moves to the user's own folder.
    case $word in --user-data-dir=*) word=--user-data-dir=$HOME/profile ;; esac
    set -- "$@" "$word"
done
[ -z "${E5B_UID-}" ] || set -- --reuid="$E5B_UID" --regid="$E5B_GID" --clear-groups -- "$E5B_BROWSER" "$@"
[ -n "${E5B_UID-}" ] || set -- -- "$E5B_BROWSER" "$@"
exec setpriv --inh-caps=-all --ambient-caps=-all "$@"
