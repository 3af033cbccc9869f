"""From typed events to rows."""

from backend.project.errors import HandlerFailed, ProjectionError, RowMissing
from backend.project.projection import Projection
from backend.project.projector import Projector
from backend.project.state import State

__all__ = ["HandlerFailed", "Projection", "ProjectionError", "Projector", "RowMissing", "State"]
