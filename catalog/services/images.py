"""Pictures of products. Their files are written before the transaction, which must not wait for a storage service."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from catalog import images
from catalog.images import Picture
from catalog.models import Product, ProductImage
from pymart.common.errors import DomainError
from pymart.common.storage import StorageUnavailable


class TooManyImages(DomainError):
    code = "too_many_images"
    status = 400
    message = f"A product has at most {ProductImage.MAX_PER_PRODUCT} pictures. Remove one first."
    field = "images"


class ImagesChanged(DomainError):
    code = "images_changed"
    message = "The pictures changed meanwhile. Please look again."
    field = "image_order"

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


@contextmanager
def stored_images(files: Sequence[UploadedFile]) -> Iterator[list[Picture]]:
    """
    The pictures in the store, for a transaction inside the block to refer to: if the block fails, they are removed.

    :raises BadImage: when one is no picture we take, such as `images.2`; then none is stored.
    :raises StorageUnavailable:
    """
    pictures = [images.prepare(file, field=f"images.{number}") for number, file in enumerate(files)]
    try:
        for picture in pictures:
            images.save(picture)
        yield pictures
    except BaseException:
        with suppress(StorageUnavailable):  # then they are orphans, and deleted as such
            images.delete([picture.name for picture in pictures])
        raise


def add_image(*, product: Product, file: UploadedFile, alt: str = "") -> ProductImage:
    """
    Store a picture as the product's last one. It cannot run inside another transaction.

    :raises BadImage: when the file is no picture we take.
    :raises TooManyImages, StorageUnavailable:
    """
    with stored_images([file]) as stored, transaction.atomic(durable=True):
        return arrange_images(product=product, add=stored, alts=[alt])[-1]


def remove_image(*, image: ProductImage) -> None:
    """The rest moves up; the files go once this is committed."""
    arrange_images(product=image.product, remove=[image.pk])


def reorder_images(*, product: Product, image_ids: list[int]) -> None:
    """
    :param image_ids: all of the product's pictures; the first becomes its cover.
    :raises ImagesChanged: when they are not exactly the product's pictures.
    """
    arrange_images(product=product, order=image_ids)


@transaction.atomic
def arrange_images(
    *,
    product: Product,
    remove: Collection[int] = (),
    order: Sequence[int] | None = None,
    add: Sequence[Picture] = (),
    alts: Sequence[str] = (),
) -> list[ProductImage]:
    """
    Take pictures away, put the rest into another order, and add others at the end. Answers what is there then.

    :param order: the ids of exactly those that stay.
    :param alts: of the new ones, as far as they go.
    :raises ImagesChanged: when one that is to go or to be placed is not there, or one that stays has no place.
    :raises TooManyImages:
    """
    there = {picture.pk: picture for picture in _lock(product)}
    if not there.keys() >= set(remove):
        raise ImagesChanged("remove_images")
    for pk in set(remove):
        there.pop(pk).delete()
    if order is not None and sorted(order) != sorted(there):
        raise ImagesChanged("image_order")
    if len(there) + len(add) > ProductImage.MAX_PER_PRODUCT:
        raise TooManyImages
    pictures = [there[pk] for pk in (there if order is None else order)]
    for position, picture in enumerate(pictures):
        picture.position = position
    ProductImage.objects.bulk_update(pictures, ["position"])
    texts = [*alts, *[""] * len(add)]
    for stored, alt in zip(add, texts, strict=False):
        pictures.append(_add(product, stored, alt=alt, position=len(pictures)))
    product.save(update_fields=["updated_at"])  # for whoever keeps what a page shows of it
    return pictures


def _add(product: Product, stored: Picture, *, alt: str, position: int) -> ProductImage:
    image = ProductImage(product=product, alt=alt, position=position, has_avif=stored.has_avif)
    image.width, image.height, image.image.name = stored.width, stored.height, stored.name
    image.save()
    return image


def _lock(product: Product) -> QuerySet[ProductImage]:
    """The product's pictures, with its row locked so that nobody else counts or numbers them meanwhile."""
    Product.objects.select_for_update(no_key=True).only("pk").get(pk=product.pk)
    return product.images.all()
