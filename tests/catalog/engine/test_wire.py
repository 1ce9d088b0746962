"""The engine of the tests is real, and the client takes it for Elasticsearch."""

from elasticsearch import Elasticsearch

from tools.search_engine.bridge import OpenSearchNode


def test_the_client_and_the_engine_understand_each_other(engine_settings):
    node_class = OpenSearchNode if engine_settings["ELASTICSEARCH_NODE_CLASS"] else "urllib3"
    with Elasticsearch(engine_settings["ELASTICSEARCH_URL"], node_class=node_class) as client:
        assert client.cluster.health(wait_for_status="yellow")["number_of_nodes"] == 1
        answer = client.indices.analyze(text="Kurtīs", tokenizer="standard", filter=["lowercase", "asciifolding"])
    assert [token["token"] for token in answer["tokens"]] == ["kurtis"]
