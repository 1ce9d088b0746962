from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from catalog import freshness, images
from catalog.models import Product, ProductImage
from pymart.common.errors import DomainError


class TooManyImages(DomainError):
    code = "too_many_images"
    message = f"A product has at most {ProductImage.MAX_PER_PRODUCT} pictures. Remove one first."
    field = "image"


class ImagesChanged(DomainError):
    code = "images_changed"
    message = "The pictures changed meanwhile. Please look again."


def add_image(*, product: Product, file: UploadedFile, alt: str = "") -> ProductImage:
    """
    Store a picture as the product's last one.

    The files are written before the transaction, which must not wait for a storage service, and are removed again when
    it fails; so this cannot run inside another transaction.

    :raises BadImage: when the file is no picture we take.
    :raises TooManyImages:
    """
    stored = images.store(file)
    try:
        with transaction.atomic(durable=True):
            position = _lock(product).count()
            if position >= ProductImage.MAX_PER_PRODUCT:
                raise TooManyImages
            image = ProductImage(product=product, width=stored.width, height=stored.height, alt=alt, position=position)
            image.image.name = stored.name
            image.save()
    except BaseException:
        images.delete(stored.name)
        raise
    return image


@transaction.atomic
def remove_image(*, image: ProductImage) -> None:
    """The rest moves up; the files go once this is committed."""
    pictures = _lock(image.product)
    pictures.get(pk=image.pk).delete()
    _number(list(pictures))


@transaction.atomic
def reorder_images(*, product: Product, image_ids: list[int]) -> None:
    """
    :param image_ids: all of the product's pictures; the first becomes its cover.
    :raises ImagesChanged: when they are not exactly the product's pictures.
    """
    pictures = {picture.pk: picture for picture in _lock(product)}
    if sorted(image_ids) != sorted(pictures):
        raise ImagesChanged
    _number([pictures[pk] for pk in image_ids])


def _lock(product: Product) -> QuerySet[ProductImage]:
    """The product's pictures, with its row locked so that nobody else counts or numbers them meanwhile."""
    Product.objects.select_for_update(no_key=True).only("pk").get(pk=product.pk)
    return product.images.all()


def _number(pictures: list[ProductImage]) -> None:
    for position, picture in enumerate(pictures):
        picture.position = position
    ProductImage.objects.bulk_update(pictures, ["position"])
    freshness.products_changed({picture.product_id for picture in pictures})
