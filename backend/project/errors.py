"""::

ProjectionError
├── HandlerFailed     a handler raised: the event is named, nothing of its batch was written
└── RowMissing        a handler needs a row that no earlier event made
"""

from __future__ import annotations


class ProjectionError(Exception):
    pass


class HandlerFailed(ProjectionError):
    pass


class RowMissing(ProjectionError):
    pass
