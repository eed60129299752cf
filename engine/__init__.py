"""Everything that is true of the index without a terminal."""

from typing import Final

__version__: Final = "0.1.0"
