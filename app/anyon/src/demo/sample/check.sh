#!/bin/sh
# Checks the greeting program. Ends with 0 when all is right.
set -u
passed=0
failed=0

expect() { # WANTED ARGUMENTS...
    wanted=$1
    shift
    got=$(sh greet.sh "$@" 2>&1)
    if [ "$got" = "$wanted" ]; then
        passed=$((passed + 1))
        echo "ok      greet.sh $*"
    else
        failed=$((failed + 1))
        echo "FAILED  greet.sh $*: wanted \"$wanted\", got \"$got\""
    fi
}

expect "Hello, Ada!" Ada
expect "안녕하세요, 민준 님!" 민준 한국어

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
