"""`python -m core COMMAND`: see core/cli/main.py.

A spawned child imports this file again, so it does nothing unless it is the main program.
"""

import sys

if __name__ == "__main__":
    from core.cli.main import main

    sys.exit(main())
