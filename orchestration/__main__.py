"""The command line: ``python -m orchestration --help``."""

from orchestration.cli import app

if __name__ == "__main__":
    app()
