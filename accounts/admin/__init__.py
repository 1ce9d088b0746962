from accounts.admin import mail, sellers, users  # noqa: F401 - register their pages
