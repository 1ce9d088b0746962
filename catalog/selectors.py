def category_tree() -> list:
    return []
