"""Places in the log, and rows of a file, as addresses name them: none is larger than the databases take."""

from typing import Annotated

from litestar.params import PathParameter, QueryParameter

LAST = 2**62
Place = Annotated[int | None, QueryParameter(ge=0, le=LAST)]
"""A place that may be left out."""
PlaceFrom0 = Annotated[int, QueryParameter(ge=0, le=LAST)]
"""A place that has a default."""
PlaceInPath = Annotated[int, PathParameter(ge=0, le=LAST)]
"""A place that is named in the path."""
