"""Every aggregate's module, imported: afterwards the registry of events is complete."""

from domain import bulk, collection, hour, importing, paper, refusals, schedule, scraper, settings
from domain.events import REGISTRY

__all__ = [
    "REGISTRY",
    "bulk",
    "collection",
    "hour",
    "importing",
    "paper",
    "refusals",
    "schedule",
    "scraper",
    "settings",
]
