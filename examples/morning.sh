#!/bin/sh
# Mails each rep the list of the day, and each manager and director the late complaints.
#
# usage: morning.sh DIRECTORY
# cron:  0 8 * * 1-5  /usr/local/bin/morning.sh "$HOME/sales"
#
# The texts are the templates `day` and `late-complaints` of the directory's templates/. Who has nothing to do, or no mail
# address in team.toml, gets no mail.
#
# KEHU           the program (default: kehu, from PATH; cron's PATH is short)
# KEHU_SENDMAIL  what takes the mails (default: /usr/sbin/sendmail)
# KEHU_USER      from whom they are (default: from each to himself)

set -eu

if [ $# -ne 1 ]; then
    echo "usage: morning.sh DIRECTORY" >&2
    exit 2
fi
KEHU_DIR=$1
export KEHU_DIR
kehu=${KEHU:-kehu}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# Ids and roles of everybody who is still with us and has an address.
"$kehu" team list --format tsv --columns id,role,email >"$work/team"
awk -F '\t' 'NR > 1 && $3 != "" { print $1, $2 }' "$work/team" >"$work/people"

failed=0
while read -r id role <&3; do
    case $role in
        rep) template=day ;;
        manager | director) template=late-complaints ;;
        *) continue ;;
    esac
    "$kehu" message "$template" "$id" --send --quiet --as "${KEHU_USER:-$id}" >/dev/null || {
        echo "morning.sh: no mail to $id" >&2
        failed=1
    }
done 3<"$work/people"
exit "$failed"
