"""Files of pictures that no row knows: left behind by a process that was killed, found and deleted a day later."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from accounts.services import update_profile
from accounts.tasks import delete_orphaned_avatars
from catalog import services
from catalog.models import ProductImage
from catalog.tasks import delete_orphaned_pictures
from pymart.common import orphans
from pymart.common.orphans import TooManyOrphans
from tests.factories import make_image, make_product, make_user, picture_file
from tests.shop import place
from tests.web import ROOT, environment

UPLOAD_AND_DIE = """
import os, signal, django
django.setup()
from catalog import services
from catalog.models import Product
from catalog.services import images
from tests.factories import picture_file
images.arrange_images = lambda **_: os.kill(os.getpid(), signal.SIGKILL)
services.add_image(product=Product.objects.get(), file=picture_file())
"""
REMOVE_AND_DIE = """
import os, signal, django
django.setup()
from catalog import images, services
from catalog.models import ProductImage
images.default_storage.delete_all = lambda names: os.kill(os.getpid(), signal.SIGKILL)
services.remove_image(image=ProductImage.objects.get())
"""


@pytest.fixture
def local(settings, tmp_path) -> dict[str, str]:
    """What another process is told in its environment, so that it keeps its files where this one does."""
    settings.MEDIA_ROOT = tmp_path
    return {"MEDIA_ROOT": str(tmp_path)}


@pytest.fixture
def store(request) -> dict[str, str]:
    if request.param == "local":
        return request.getfixturevalue("local")
    return request.getfixturevalue("s3").environment


def kept() -> list[str]:
    return [file.name for file in default_storage.files_in("products")]


def killed(script: str, store: dict[str, str]) -> None:
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment(**store), timeout=120)
    assert done.returncode == -9


@pytest.mark.parametrize("store", ["local", "s3"], indirect=True)
@pytest.mark.django_db(transaction=True)
def test_what_a_killed_process_stored_is_found_a_day_later(store, monkeypatch):
    product = make_product()
    there = services.add_image(product=product, file=picture_file())
    killed(UPLOAD_AND_DIE, store)
    assert product.images.count() == 1
    assert len(kept()) == 12

    assert delete_orphaned_pictures() == 0
    monkeypatch.setattr(orphans, "AGE", timedelta(seconds=-5))
    assert delete_orphaned_pictures() == 6
    assert len(kept()) == 6
    assert there.image.name in kept()


@pytest.mark.parametrize("store", ["local", "s3"], indirect=True)
@pytest.mark.django_db(transaction=True)
def test_what_a_killed_process_did_not_come_to_delete_is_deleted(store, monkeypatch):
    services.add_image(product=make_product(), file=picture_file())
    killed(REMOVE_AND_DIE, store)
    assert not ProductImage.objects.exists()
    assert len(kept()) == 6

    monkeypatch.setattr(orphans, "AGE", timedelta(seconds=-5))
    assert delete_orphaned_pictures() == 6
    assert kept() == []


def orphan(number: int, *, hours: float = 25) -> str:
    name = default_storage.save(f"products/{number:08x}-0000-4000-8000-000000000000-320.webp", ContentFile(b"x"))
    moment = time.time() - hours * 3600
    os.utime(default_storage.path(name), (moment, moment))
    return name


@pytest.mark.django_db
def test_only_old_files_that_are_ours_and_of_no_row_go(local):
    mine = make_image(make_product())
    row = default_storage.save(ProductImage.name_for(mine.image.name, 320), ContentFile(b"x"))
    old, young = orphan(1), orphan(2, hours=23)
    foreign = default_storage.save("products/README.txt", ContentFile(b"x"))
    for name in (row, foreign):
        os.utime(default_storage.path(name), (0, 0))

    assert delete_orphaned_pictures() == 1
    assert sorted(kept()) == sorted([row, young, foreign])
    assert old not in kept()


@pytest.mark.django_db
def test_when_most_files_seem_to_be_nobody_s_the_database_is_doubted(local):
    names = [orphan(number) for number in range(40)]

    with pytest.raises(TooManyOrphans, match="40 of 40"):
        delete_orphaned_pictures()
    with pytest.raises(CommandError, match="--force"):
        call_command("delete_orphans")
    assert kept() == names
    call_command("delete_orphans", "--force")
    assert kept() == []


@pytest.mark.django_db
def test_a_great_many_files_are_looked_at_in_several_runs(local, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(orphans, "FILES", 10)
    monkeypatch.setattr(orphans, "AT_ONCE", 5)
    for number in range(25):
        orphan(number)

    with django_assert_num_queries(2 * 2):  # pictures of products, and of orders
        assert delete_orphaned_pictures() == 10
    assert delete_orphaned_pictures() == 10
    assert delete_orphaned_pictures() == 5
    orphan(3)
    assert delete_orphaned_pictures() == 1  # from the beginning again


@pytest.mark.django_db(transaction=True)
def test_what_was_bought_keeps_its_picture(local, monkeypatch, settings):
    product = make_product()
    bought, other = [services.add_image(product=product, file=picture_file()) for _ in range(2)]
    order = place(make_user(), product.variants.get())
    for picture in (bought, other):
        services.remove_image(image=picture)
    assert len(kept()) == 6

    monkeypatch.setattr(orphans, "AGE", timedelta(seconds=-5))
    assert delete_orphaned_pictures() == 0
    (line,) = order.seller_orders.get().items.all()
    assert Path(local["MEDIA_ROOT"], line.thumb.removeprefix(settings.MEDIA_URL)).exists()


@pytest.mark.django_db
def test_avatars_of_nobody_go_too(local):
    user = update_profile(user=make_user(), avatar=picture_file())
    nobodys = default_storage.save("avatars/nobodys.webp", ContentFile(b"x"))
    for name in (user.avatar.name, nobodys):
        os.utime(default_storage.path(name), (0, 0))

    assert delete_orphaned_avatars() == 1
    assert default_storage.exists(user.avatar.name)
    assert not default_storage.exists(nobodys)


@pytest.mark.django_db
def test_a_shop_without_files_has_no_orphans(local):
    assert delete_orphaned_pictures() == 0
    assert not Path(local["MEDIA_ROOT"], "products").exists()
