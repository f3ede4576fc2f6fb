"""`python -m core COMMAND`: see core/command_line.py."""

import sys

from core.command_line import main

if __name__ == "__main__":
    sys.exit(main())
