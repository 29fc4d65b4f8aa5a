"""Exams: how right and how fast the desk's judgement is, measured by anyone, on any data of the forms
that docs/guides/exams.md tells.

::

    material (files by listing) ─┐
    ours (the desk's stages) ────┼─ papers.<name>.sit ── rows, remarks, skips ── floors ── the door
    baselines (re-run beside) ───┘

An exam is a module of ``wiredesk.exams.papers``, found by its name; none is listed anywhere.
"""
