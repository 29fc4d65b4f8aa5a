"""Baselines: what anybody would try first, re-run beside ours on the same material.

Small and honest: each is written by its paper's own rule, on plain words, and shares no code with
the stages that it is compared with.
"""
