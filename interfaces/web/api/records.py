"""Imports and collections as programs see them; papers and events are in application.exporting."""

from attrs import asdict

from application.queries import CollectionRow, ImportRow


def import_record(row: ImportRow) -> dict[str, object]:
    """An import."""
    return {
        "id": row.id,
        "status": row.status,
        "reason": row.reason,
        "collection": {"id": row.collection, "name": row.collection_name},
        "filename": row.filename,
        "sha256": row.sha256,
        "bytes": row.size,
        "format": row.format,
        "encoding": row.encoding,
        "vendor": row.vendor,
        "rows": row.rows,
        "recorded": row.recorded,
        "counts": asdict(row.counts),
        "actor": row.actor,
        "started": row.started_at.isoformat(),
        "changed": row.updated_at.isoformat(),
    }


def collection_record(row: CollectionRow) -> dict[str, object]:
    """A collection."""
    return {"id": row.id, "name": row.name, "papers": row.papers, "created": row.created_at.isoformat()}
