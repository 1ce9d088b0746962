"""
Who may do what: one row for each endpoint of the API, walked by `tests/api/test_access.py`.

Each app's rows stand in the module of its name.
"""
