from prometheus_client import Counter, Gauge, Histogram

SECONDS = Histogram(
    "pymart_search_seconds",
    "What a search took, and which engine answered it.",
    ["engine"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2),
)
FALLBACKS = Counter("pymart_search_fallbacks", "Searches that PostgreSQL answered because Elasticsearch did not.")
WAITING = Gauge("pymart_search_outbox_rows", "Changes that the search index does not know yet.")
REFUSED = Gauge("pymart_search_outbox_refused_rows", "Changes that the search index refused, kept aside for people.")
AGE = Gauge("pymart_search_outbox_age_seconds", "Since when the oldest of them waits.")
