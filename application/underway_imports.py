"""The imports that are being worked through."""

from application.queries import ImportRow, Imports


def running_imports(imports: Imports) -> list[ImportRow]:
    """The imports that run, or ran when their process ended; those that began first at the front."""
    return [row for name in imports.unfinished() if (row := imports.find(name)) is not None]
