#!/bin/sh
# Starts Chromium as another user than root, who is refused its sandbox. Playwright takes this file
# for the browser; its debugging pipe (3 and 4) stays open, and the profile moves to a folder of that
# user's. From browser.py: E5B_BROWSER, the program; E5B_UID and E5B_GID, the user; HOME, the folder.
set -eu
for word; do
    shift
    case $word in --user-data-dir=*) word=--user-data-dir=$HOME/profile ;; esac
    set -- "$@" "$word"
done
exec setpriv --reuid="$E5B_UID" --regid="$E5B_GID" --clear-groups --inh-caps=-all -- "$E5B_BROWSER" "$@"
