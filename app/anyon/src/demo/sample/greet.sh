#!/bin/sh
# Greets somebody: sh greet.sh NAME [LANGUAGE]
set -eu

say() { # KEY NAME LANGUAGE
    while IFS='=' read -r key text; do
        if [ "$key" = "$1" ]; then
            printf "$text\n" "$2"
            return 0
        fi
    done < "messages/$3.txt"
    return 1
}

say hello "${1:?whom shall I greet?}" "${2:-English}"
