"""The HTTP API."""

from backend.serve.app import create_app
from backend.serve.feature import Feature
from backend.serve.page import Paged, listing
from backend.serve.problem import Problem, ProblemDetails, not_found
from backend.serve.view import Envelope, PageEnvelope, Service, Used, View, model_of

__all__ = [
    "Envelope",
    "Feature",
    "PageEnvelope",
    "Paged",
    "Problem",
    "ProblemDetails",
    "Service",
    "Used",
    "View",
    "create_app",
    "listing",
    "model_of",
    "not_found",
]
