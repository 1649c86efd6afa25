"""The command line: ``python -m orchestration --help``."""

from orchestration.commands import main

if __name__ == "__main__":
    main()
