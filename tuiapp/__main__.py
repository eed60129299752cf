"""``python -m tuiapp`` is ``flatcap``."""

from tuiapp.cli.main import entry

if __name__ == "__main__":
    entry()
