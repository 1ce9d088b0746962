"""Static files in production: hashed, compressed, and all stylesheets in one."""

from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.templatetags.static import static
from whitenoise.storage import CompressedManifestStaticFilesStorage

LAYERS = ["tokens", "base", "layout", "components", "pages", "utilities"]
STYLESHEETS = [f"css/{layer}.css" for layer in LAYERS]
BUNDLE = "css/site.css"


def stylesheet_urls() -> list[str]:
    """The CSS of every page: the layers one by one, or their bundle where static files were collected."""
    names = [BUNDLE] if getattr(staticfiles_storage, "bundles", False) else STYLESHEETS
    return [static(name) for name in names]


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Adds one stylesheet made of the six: a phone on a slow line then asks once instead of six times."""

    bundles = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            self.delete(BUNDLE)
            self.save(BUNDLE, ContentFile(b"\n".join(self._read(*paths[name]) for name in STYLESHEETS)))
            paths = {**paths, BUNDLE: (self, BUNDLE)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _read(self, storage: Storage, name: str) -> bytes:
        with storage.open(name) as file:
            return file.read()
