#!/bin/sh
# The check for a CI job or a server: every rule of format and business, the tidy form of files, and merge=union.
#
# usage: check.sh [DIRECTORY]
#
# Runs on any CI system: check out the repository, put kehu on the PATH, call this. It does not stop at the first
# failure, so that one run shows everything. Exit code 0: all is well; 1: findings; 2 and above: kehu could not run.

set -u

dir=${1:-.}
worst=0

run() {
    echo "== $*"
    "$@"
    status=$?
    if [ "$status" -gt "$worst" ]; then
        worst=$status
    fi
}

run kehu --dir "$dir" check
run kehu --dir "$dir" fmt --check

# merge=union keeps both versions of a changed row without saying so.
if grep -n '^[^#].*merge=union' "$dir/.gitattributes" 2>/dev/null; then
    echo "check: .gitattributes: merge=union doubles rows and headers; use the lines that kehu init writes" >&2
    if [ "$worst" -lt 1 ]; then
        worst=1
    fi
fi

exit "$worst"
