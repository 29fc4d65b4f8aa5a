#!/bin/sh
# Every figure of docs/benchmarks.md, one bench after the other: sh bench/all.sh > figures.txt
# Takes some fifteen minutes on two quiet processors. PYTHON names another interpreter.
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
bench bench/feed_suites.py
bench bench/parsing.py
bench bench/off_matter.py
bench bench/scores.py "$data"
bench bench/upkeep.py
bench bench/lying_servers.py
bench bench/letters.py
bench bench/polling.py
bench bench/faulty_feeds.py
# jekyll: apt-get install jekyll
others=$(command -v jekyll >/dev/null && echo ,jekyll)
bench bench/static_site.py --builders "wiredesk,hugo$others"
bench -m wiredesk exam
exit "$failed"
