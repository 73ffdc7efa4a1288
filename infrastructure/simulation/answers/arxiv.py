"""arXiv's Atom feeds (API user manual, info.arxiv.org/help/api)."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from infrastructure.simulation.answers import At
from infrastructure.simulation.papers import Paper


def feed(ids: str, entries: Iterable[str]) -> str:
    """The Atom feed of a query by ids."""
    parts = list(entries)
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/simulated</id>
  <title>arXiv Query: search_query=&amp;id_list={escape(ids)}&amp;start=0&amp;max_results=10</title>
  <updated>2025-01-01T00:00:00Z</updated>
  <opensearch:itemsPerPage>10</opensearch:itemsPerPage>
  <opensearch:totalResults>{len(parts)}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
{"".join(parts)}</feed>
"""


def entry(paper: Paper, at: At) -> str:
    """One paper of the feed."""
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in paper.names)
    page, file = (at("arxiv", f"/{part}/{paper.arxiv_id}v1") for part in ("abs", "pdf"))
    moment = f"{paper.published.isoformat()}T12:00:00Z"
    return f"""  <entry>
    <id>{page}</id>
    <title>{escape(paper.title)}</title>
    <updated>{moment}</updated>
    <link href="{page}" rel="alternate" type="text/html"/>
    <link href="{file}" rel="related" type="application/pdf" title="pdf"/>
    <summary>A simulated abstract.</summary>
    <category term="stat.OT" scheme="http://arxiv.org/schemas/atom"/>
    <published>{moment}</published>
    <arxiv:primary_category term="stat.OT"/>
    <arxiv:doi>{escape(paper.doi)}</arxiv:doi>
    {authors}
  </entry>
"""


def error(wrong: str) -> str:
    """The feed that the service sends with status 400: an entry called “Error”."""
    return feed(
        wrong, [f"  <entry><title>Error</title><summary>incorrect id format for {escape(wrong)}</summary></entry>\n"]
    )
