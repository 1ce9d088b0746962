"""Questions to apps that catalog may not import."""

from django.dispatch import Signal

# Sent before files of pictures are deleted. names: list[str], as `ProductImage.image` has them; a receiver answers with
# the set of those that it still shows, which are kept.
pictures_unused = Signal()
