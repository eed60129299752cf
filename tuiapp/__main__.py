"""``python -m tuiapp`` is ``flatcap``."""

from tuiapp.start import entry

if __name__ == "__main__":
    entry()
