#!/bin/sh
# The check of a merge request: all of check.sh, and who did what without the right since the target branch.
#
# usage: policy.sh BASE [DIRECTORY]        BASE: the branch or commit that the request goes to, such as origin/main
#
# The clone must reach back to BASE (a shallow one may not). Exit code 0: all is well; 1: findings; 2 and above: kehu could
# not run.

set -eu

base=${1:?the branch that the request goes to}
dir=${2:-.}
exec kehu --dir "$dir" check --policy --changed-since "$base..HEAD"
