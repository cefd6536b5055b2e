#!/bin/sh
# Makes a data directory of the Northwind sample: a fictitious food wholesaler, 91 customers, 830 orders of 1996 to 1998.
#
# usage: northwind.sh DATA DIR
#
# DATA is a folder with customers.csv, products.csv, categories.csv, orders.csv and order_details.csv (headers as in the
# maps of northwind/ beside this script). DIR is made when it is not there. Running it again imports what is new.

set -eu

if [ $# -ne 2 ]; then
    echo "usage: northwind.sh DATA DIR" >&2
    exit 2
fi
data=$1
dir=$2
maps=$(dirname "$0")/northwind

if [ ! -e "$dir/kehu.toml" ]; then
    kehu --lang en init "$dir" --name Northwind --quiet
    # Settings are text: the currency is one word of one line.
    sed -e 's/^currency = "CNY"/currency = "USD"/' "$dir/kehu.toml" >"$dir/kehu.toml.new"
    mv "$dir/kehu.toml.new" "$dir/kehu.toml"
    {
        printf '[office]\nname = "Office"\nrole = "admin"\n'
        for n in 1 2 3 4 5 6 7 8 9; do
            printf '\n[e%s]\nname = "Employee %s"\nrole = "rep"\n' "$n" "$n"
        done
    } >"$dir/team.toml"
fi

for table in customers products orders; do
    file=$table
    [ "$table" = orders ] && file=order_details
    kehu --dir "$dir" --as office import "$data/$file.csv" --map "$maps/$table.toml"
    echo
done
