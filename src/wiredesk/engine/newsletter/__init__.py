"""Newsletters: editions by a schedule, held for an editor, sent at most once.

::

    schedule ─due─▶ compose ─▶ waiting ─review window─▶ release ─▶ record, fragment
                                 │ hold, drop              │ content is fixed
                                 ▼                         ▼
                              an editor               send: each recipient once

Each arrow is one step that is on the disk before the next begins, so that a kill leaves a state from
which the next run goes on. Time comes from the clock port, and unlike a desk's run this is about
today: an edition is due by the calendar.
"""
