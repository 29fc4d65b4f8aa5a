"""Stage 3, read: from what an address answered to what an article says, and where it says so.

``chain`` finds the addresses, ``titles``, ``moments``, ``people``, ``pictures``, ``words`` and
``films`` one field each, all of them in a ``document`` that was parsed once; ``stage`` puts the
article together.
"""

from wiredesk.stages.read.measured import measured
from wiredesk.stages.read.stage import Read, read_entry

__all__ = ["Read", "measured", "read_entry"]
