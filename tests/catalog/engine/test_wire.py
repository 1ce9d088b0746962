"""The engine of the tests is real, and the client takes it for Elasticsearch."""

from django.utils.module_loading import import_string
from elasticsearch import Elasticsearch


def test_the_client_and_the_engine_understand_each_other(engine_settings):
    node_class = import_string(engine_settings["ELASTICSEARCH_NODE_CLASS"] or "elastic_transport.Urllib3HttpNode")
    with Elasticsearch(engine_settings["ELASTICSEARCH_URL"], node_class=node_class) as client:
        assert client.cluster.health(wait_for_status="yellow")["number_of_nodes"] == 1
        answer = client.indices.analyze(text="Kurtīs", tokenizer="standard", filter=["lowercase", "asciifolding"])
    assert [token["token"] for token in answer["tokens"]] == ["kurtis"]
