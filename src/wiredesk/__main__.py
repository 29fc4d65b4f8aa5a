"""``python -m wiredesk`` is the command ``wiredesk``."""

from wiredesk.doors.cli import main

if __name__ == "__main__":
    main()
