"""What OpenSearch does not say or understand of Elasticsearch's protocol. Production talks to Elasticsearch itself."""

from dataclasses import replace
from typing import Any

from elastic_transport import HttpHeaders, Urllib3HttpNode


class OpenSearchNode(Urllib3HttpNode):
    """Asks in plain JSON instead of Elastic's media type, and signs answers with the product that the client wants."""

    def perform_request(
        self, method: str, target: str, body: bytes | None = None, headers: Any = None, **rest: Any
    ) -> Any:
        plain = {name: value.replace("vnd.elasticsearch+", "") for name, value in (headers or {}).items()}
        answer = super().perform_request(method, target, body=body, headers=HttpHeaders(plain), **rest)
        signed = HttpHeaders({**answer.meta.headers, "x-elastic-product": "Elasticsearch"})
        return answer._replace(meta=replace(answer.meta, headers=signed))
