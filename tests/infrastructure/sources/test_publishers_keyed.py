"""Publishers' own interfaces, asked with the user's keys."""

from typing import Any

import pytest

from application.ports.sources import Finding, SourceUnavailable
from domain.copies import CopyKind, Version
from infrastructure.sources.elsevier import Elsevier
from infrastructure.sources.springer import Springer
from infrastructure.sources.wiley import Wiley
from tests.infrastructure.sources.fakes import Answering, Failing, doi

BASE = "http://127.0.0.1:9"
ARTICLE, OTHER = doi("10.1016/s0264-410x(15)00643-x"), doi("10.1000/x")


def entitled(value: object) -> dict[str, Any]:
    return {"entitlement-response": {"document-entitlement": {"entitled": value}}}


class TestElsevier:
    def test_the_file_is_a_copy_where_the_key_entitles_to_it(self) -> None:
        fetcher = Answering(entitled(True))
        (copy,) = Elsevier(fetcher, base=f"{BASE}/").find([ARTICLE]).copies
        path = "10.1016/s0264-410x%2815%2900643-x"
        assert fetcher.asked == [f"{BASE}/content/article/entitlement/doi/{path}?httpAccept=application/json"]
        assert copy.url == f"{BASE}/content/article/doi/{path}?httpAccept=application/pdf"
        assert copy.version is Version.PUBLISHED

    @pytest.mark.parametrize("value", [False, None, "false", 1, []])
    def test_without_entitlement_there_is_none(self, value: object) -> None:
        assert Elsevier(Answering(entitled(value))).find([ARTICLE]) == Finding(known=True)

    def test_a_refusal_means_no_entitlement_and_a_wrong_key_a_missing_one(self) -> None:
        assert Elsevier(Failing("forbidden", status=403)).find([ARTICLE]) == Finding()
        with pytest.raises(SourceUnavailable) as caught:
            Elsevier(Failing("forbidden", status=401)).find([ARTICLE])
        assert caught.value.cause == "missing_credential"

    def test_others_dois_are_not_served(self) -> None:
        assert not Elsevier(Answering({})).serves([OTHER])
        assert Elsevier(Answering({})).serves([OTHER, ARTICLE])

    def test_another_service_in_its_place_is_no_answer(self) -> None:
        with pytest.raises(SourceUnavailable):
            Elsevier(Answering({"service-error": {}})).find([ARTICLE])


class TestWiley:
    def test_every_doi_has_a_file(self) -> None:
        finding = Wiley(base=f"{BASE}/").find([doi("10.1002/(sici)1<2::aid>3.0")])
        (copy,) = finding.copies
        assert copy.url == f"{BASE}/onlinelibrary/tdm/v1/articles/10.1002%2F%28sici%291%3C2%3A%3Aaid%3E3.0"
        assert finding.by_rule
        assert not finding.known

    def test_others_dois_are_not_served(self) -> None:
        assert not Wiley().serves([OTHER])
        assert Wiley().find([OTHER]) == Finding()


class TestSpringer:
    def found(self, **fields: Any) -> Finding:
        record = {"doi": "10.1007/X", "openaccess": "true", **fields}
        return Springer(Answering({"records": [record]}), key="k").find([doi("10.1007/x")])

    def test_the_file_comes_before_the_page(self) -> None:
        urls = [{"format": "html", "value": "https://a.org/1"}, {"format": "pdf", "value": "https://a.org/1.pdf"}]
        assert [(copy.url, copy.kind) for copy in self.found(url=urls).copies] == [
            ("https://a.org/1.pdf", CopyKind.PDF),
            ("https://a.org/1", CopyKind.LANDING_PAGE),
        ]

    def test_what_is_not_open_is_no_copy(self) -> None:
        urls = [{"format": "pdf", "value": "https://a.org/1.pdf"}]
        assert self.found(url=urls, openaccess="false").copies == ()
        assert self.found(url=urls, doi="10.1007/y") == Finding()

    def test_a_refused_key_is_a_missing_credential(self) -> None:
        fetcher = Failing("forbidden", status=403)
        with pytest.raises(SourceUnavailable) as caught:
            Springer(fetcher, key="k&", base=BASE).find([doi("10.1007/x")])
        assert caught.value.cause == "missing_credential"
        assert fetcher.asked == [f"{BASE}/openaccess/json?q=doi%3A%2210.1007%2Fx%22&p=2&api_key=k%26"]
