"""The words that made-up papers consist of. Places, journals and people are recognisably examples."""

from attrs import frozen


@frozen(kw_only=True)
class Field:
    """A discipline. `indexed` tells whether a life-science index such as Europe PMC knows its papers."""

    name: str
    indexed: bool
    things: tuple[str, ...]
    factors: tuple[str, ...]
    designs: tuple[str, ...]


FIELDS = (
    Field(
        name="Hydrology",
        indexed=False,
        things=("groundwater recharge", "nitrate loads", "flood peaks", "sediment transport", "soil moisture",
                "stream temperature", "snowmelt timing", "lake stratification"),
        factors=("drought", "urban paving", "irrigation", "beaver dams", "forest regrowth", "tile drainage",
                 "glacier retreat", "reservoir operation"),
        designs=("a tracer study", "a thirty-year record", "a paired-catchment comparison", "a distributed model"),
    ),
    Field(
        name="Clinical Medicine",
        indexed=True,
        things=("wound healing", "blood pressure", "hospital readmission", "bone density", "medication adherence",
                "kidney function", "postoperative pain", "vaccine response"),
        factors=("early mobilisation", "vitamin D", "telephone follow-up", "nurse-led care", "night shifts",
                 "intermittent fasting", "music therapy", "frailty"),
        designs=("a randomised trial", "a cohort study", "a systematic review", "a registry analysis"),
    ),
    Field(
        name="Psychology",
        indexed=True,
        things=("working memory", "reading fluency", "social trust", "attention lapses", "moral judgement",
                "language switching", "face recognition", "sleep quality"),
        factors=("screen time", "bilingual schooling", "loneliness", "background noise", "mindfulness", "ageing",
                 "reward schedules", "test anxiety"),
        designs=("a preregistered replication", "a diary study", "a meta-analysis", "an eye-tracking experiment"),
    ),
    Field(
        name="Computing",
        indexed=False,
        things=("query latency", "flaky tests", "program comprehension", "cache eviction", "type inference",
                "graph partitioning", "build times", "log compression"),
        factors=("code review", "learned indexes", "speculative execution", "static typing", "mixed precision",
                 "incremental parsing", "backpressure", "memory pooling"),
        designs=("an empirical study", "a benchmark", "a formal treatment", "lessons from deployment"),
    ),
    Field(
        name="Materials Science",
        indexed=False,
        things=("crack growth", "thin-film stress", "grain boundaries", "battery ageing", "thermal conductivity",
                "corrosion pits", "polymer creep", "magnetic domains"),
        factors=("rapid quenching", "humidity", "neutron irradiation", "graphene doping", "cyclic loading",
                 "laser annealing", "hydrogen uptake", "residual solvent"),
        designs=("molecular dynamics", "an in-situ microscopy study", "a phase-field model", "a round-robin test"),
    ),
    Field(
        name="Ecology",
        indexed=True,
        things=("pollinator visits", "seed dispersal", "reef recovery", "bird migration", "leaf litter decay",
                "predator avoidance", "soil fungi", "amphibian calls"),
        factors=("artificial light", "grazing", "invasive grasses", "fire frequency", "road noise",
                 "hedgerow density", "warming springs", "fishing closures"),
        designs=("a citizen-science survey", "a mesocosm experiment", "a mark-recapture study", "a long-term census"),
    ),
)  # fmt: skip

PLACES = ("the Example Basin", "Placeholder Valley", "Sampleshire", "the Specimen Islands", "Upper Nowhere",
          "the Blank Plateau", "Lake Dummy", "the Bay of Instances", "Mount Mock", "the Stub Delta")  # fmt: skip

TEMPLATES = (
    "{factor} and {thing} in {place}: {design}",
    "the effect of {factor} on {thing} in {place}: {design}",
    "{thing} under {factor} in {place} – {design}",
    "how {factor} shapes {thing}: {design} in {place}",
)

JOURNALS = ("Annals of Simulated {field}", "Placeholder Letters in {field}", "{field} by Example")
PUBLISHERS = ("Sample University Press", "Placeholder Publishing", "Society for Examples", "Specimen Open Science")

GIVEN_NAMES = ("Alex", "Ariel", "Dana", "Jo", "Kim", "Luca", "Mika", "Noa", "Robin", "Sam", "Sasha", "Zoë")
FAMILY_NAMES = ("Example", "Exemple", "Ejemplo", "Esempio", "Muster", "Voorbeeld", "Exempel", "Esimerkki", "Przykład",
                "Příklad", "Örnek", "Näidis", "Пример", "Παράδειγμα", "例")  # fmt: skip
"""Words for “example” in several languages and scripts."""
