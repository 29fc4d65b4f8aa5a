"""When a source is asked again, and how it is doing: decided by functions of what is remembered.

::

    answer or error ──▶ outcome ──▶ what is remembered ──▶ standing, for an editor
                         │   ▲
             rhythm ◀────┘   └──── schedule (floor, ceiling, wishes, back-off)
"""
