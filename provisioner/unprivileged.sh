#!/bin/sh
# Starts Chromium as another user than root, who is refused its sandbox. Playwright takes this file
# for the browser; its debugging pipe (3 and 4) stays open, and its profile changes hands.
# From browser.py: E5B_BROWSER, the program; E5B_UID and E5B_GID, the user.
set -eu
for word; do
    case $word in
        --user-data-dir=*) chown --no-dereference "$E5B_UID:$E5B_GID" "${word#*=}" ;;
    esac
done
exec setpriv --reuid="$E5B_UID" --regid="$E5B_GID" --clear-groups --inh-caps=-all -- "$E5B_BROWSER" "$@"
