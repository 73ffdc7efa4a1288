"""Sites that are not asked at all, each with the reason; their papers are looked for elsewhere."""

from infrastructure.publishers.platforms.platform import Platform

LEFT_ALONE = (
    Platform(
        name="JSTOR",
        prefixes=("10.2307",),
        hosts=("jstor.org",),
        left_alone="Its terms forbid programs to fetch papers.",
    ),
    Platform(
        name="SSRN",
        prefixes=("10.2139",),
        hosts=("ssrn.com",),
        left_alone="It gives papers to people who are logged in only.",
    ),
    Platform(
        name="ResearchGate",
        prefixes=("10.13140",),
        hosts=("researchgate.net",),
        left_alone="Its terms forbid programs to fetch papers.",
    ),
    Platform(
        name="Academia.edu",
        hosts=("academia.edu",),
        left_alone="Its terms forbid programs to fetch papers.",
    ),
)
