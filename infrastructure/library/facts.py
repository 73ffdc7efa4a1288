"""What is read from a PDF, before anybody judges it."""

from attrs import field, frozen

READY = "ready"
"""What the child process says first."""


@frozen(kw_only=True)
class Facts:
    """What the child process saw. Everything in it comes from a stranger; the lengths are bounded by the Limits."""

    pages: int
    texts: tuple[str, ...] = ()
    """The text of the first pages, one each."""
    last: str = ""
    """The text of the last page, where it is not among the first."""
    metadata: dict[str, str] = field(factory=dict)
    """Document information and XMP: lower-case local names and values."""
    trailing: int = 0
    """Bytes after the end of the PDF, blanks not counted."""
    active: tuple[str, ...] = ()
    """What acts in the file: "a script", "an attached file"."""


@frozen(kw_only=True)
class Unreadable:
    """Why no facts could be read. `cause` is a name of domain.causes."""

    cause: str
    detail: str


@frozen(kw_only=True)
class Limits:
    """How much the child process reads and uses for one file."""

    pages: int = 3
    """First pages whose text is read."""
    characters: int = 20_000
    """Of each page, and of each field of the metadata a tenth."""
    cpu_seconds: int = 10
    wall_seconds: float = 30.0
    memory_bytes: int = 512 * 1024 * 1024
    """Address space, the interpreter and the libraries (about 60 MB) included."""
    file_bytes: int = 512 * 1024 * 1024
