from prometheus_client import Counter, Histogram

SECONDS = Histogram(
    "pymart_search_seconds",
    "What a search took, and which engine answered it.",
    ["engine"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2),
)
TYPING = Histogram(
    "pymart_search_suggest_seconds",
    "What the proposals of the search box took.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5),
)
FALLBACKS = Counter("pymart_search_fallbacks", "Searches that PostgreSQL answered because Elasticsearch did not.")
