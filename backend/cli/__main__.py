"""`python -m backend.cli`: the same as `dualpower`."""

from backend.cli import app

if __name__ == "__main__":
    app()
