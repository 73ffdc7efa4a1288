"""Where a person can go: the places of the navigation with their keys, and the other keys that pages have."""

from attrs import frozen


@frozen(kw_only=True)
class Place:
    """A page of the navigation; `key` opens it after a g, where single keys are on."""

    name: str
    address: str
    icon: str
    key: str = ""


@frozen(kw_only=True)
class Group:
    """Places that belong together. `name` is "" for those that need no heading."""

    name: str
    places: tuple[Place, ...]


GROUPS: tuple[Group, ...] = (
    Group(
        name="",
        places=(
            Place(name="Dashboard", address="/", icon="dashboard", key="d"),
            Place(name="Papers", address="/papers", icon="papers", key="p"),
            Place(name="Needs you", address="/needs", icon="needs", key="n"),
            Place(name="Imports", address="/imports", icon="imports", key="i"),
        ),
    ),
    Group(
        name="At work",
        places=(
            Place(name="Schedule", address="/schedule", icon="schedule", key="s"),
            Place(name="Scraper", address="/scraper", icon="scraper", key="c"),
            Place(name="Jobs", address="/jobs", icon="jobs", key="j"),
            Place(name="Activity", address="/activity", icon="activity", key="l"),
        ),
    ),
    Group(
        name="Installation",
        places=(
            Place(name="Diagnostics", address="/diagnostics", icon="diagnostics", key="x"),
            Place(name="Settings", address="/settings", icon="settings", key="e"),
            Place(name="Help", address="/help", icon="help", key="h"),
            Place(name="About", address="/about", icon="about"),
        ),
    ),
)
PLACES = tuple(place for group in GROUPS for place in group.places)

KEYS: tuple[tuple[str, str], ...] = (
    ("j", "Next row of a list of papers, or next paper of it"),
    ("k", "The one before"),
    ("o", "Look at the paper beside the list"),
    ("x", "Select the row"),
    ("Esc", "Close what is open"),
)
"""Further keys and what they do, for the page that explains them."""
