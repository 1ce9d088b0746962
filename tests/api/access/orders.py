from tests.api.access.table import Rule

RULES: list[Rule] = []
