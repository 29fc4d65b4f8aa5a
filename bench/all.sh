#!/bin/sh
# Every figure of docs/benchmarks.md, one bench after the other: sh bench/all.sh > figures.txt
# Takes some five minutes on two quiet processors. PYTHON names another interpreter.
set -u
cd "$(dirname "$0")/.."
python="${PYTHON:-.venv/bin/python}"
data=../shared/data
failed=0

bench() {
  printf '\n== %s\n' "$*"
  "$python" "$@" || { echo "this bench failed"; failed=1; }
}

bench bench/wire.py --markdown
bench bench/extract.py
bench bench/feeds.py
bench bench/topics.py
bench bench/copies.py
bench bench/stories.py "$data" basil ecb wikinews headlines
bench bench/lying_servers.py
bench bench/letters.py
exit "$failed"
