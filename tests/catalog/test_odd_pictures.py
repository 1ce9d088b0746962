"""Pictures that are more, less or other than they seem: only their pixels are kept, in a bounded amount of memory."""

import io
import json
import struct
import subprocess
import sys
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from catalog import images
from pymart.common.images import BadImage
from tests.factories import picture_file
from tests.web import ROOT, environment

PLACE = "18° 55' N, 72° 50' E"


def file(content: bytes, name: str = "photo.jpg", said: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, said)


def saved(picture: Image.Image, format: str, **options: object) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    picture.save(buffer, format, **options)
    return file(buffer.getvalue(), f"photo.{format.lower()}", f"image/{format.lower()}")


def kept(upload: SimpleUploadedFile) -> Image.Image:
    """The largest WebP, with the others looked at on the way."""
    picture = images.prepare(upload)
    opened = [Image.open(io.BytesIO(content)) for content in picture.files.values()]
    for each in opened:
        assert each.mode == "RGB"
        assert not each.getexif()
        assert not {"exif", "xmp", "icc_profile"} & each.info.keys()
        assert getattr(each, "n_frames", 1) == 1
    return opened[0]


def near(pixel: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return max(abs(a - b) for a, b in zip(pixel, wanted, strict=True)) < 12


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_pixels_is_kept_not_even_where_it_was_taken(format):
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (18.0, 55.0, 0.0)
    exif[0x010E] = PLACE
    options = {"exif": exif, "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()}
    if format == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", f"<x>{PLACE}</x>")
    elif format == "WEBP":
        options["xmp"] = f"<x>{PLACE}</x>".encode()
    upload = saved(Image.new("RGB", (400, 400), "#c98"), format, **options)
    assert Image.open(upload).getexif().get_ifd(0x8825)
    upload.seek(0)

    kept(upload)
    upload.seek(0)
    assert all(PLACE.encode() not in content for content in images.prepare(upload).files.values())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_way_to_hold_a_phone_ends_upright(orientation):
    upright = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(upright).rectangle((0, 0, 100, 100), fill="red")  # the upper left corner
    held = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    sensor = upright.transpose(held[orientation]) if orientation > 1 else upright

    picture = kept(saved(sensor, "JPEG", exif=exif, quality=95))
    assert picture.size == (400, 300)
    assert near(picture.getpixel((50, 50)), (255, 0, 0))
    assert near(picture.getpixel((350, 250)), (255, 255, 255))


def test_ink_becomes_light():
    assert near(kept(saved(Image.new("CMYK", (300, 300), (0, 255, 255, 0)), "JPEG")).getpixel((9, 9)), (255, 0, 0))


@pytest.mark.parametrize(("value", "shown"), [(0, 0), (32768, 128), (65535, 255)])
def test_sixteen_bits_of_grey_become_eight(value, shown):
    picture = kept(saved(Image.new("I;16", (300, 300), value), "PNG"))
    assert near(picture.getpixel((9, 9)), (shown, shown, shown))


def test_what_is_transparent_in_a_palette_stands_on_white():
    picture = Image.new("P", (300, 300), 0)
    picture.putpalette([0, 0, 0, 200, 30, 30])
    picture.paste(1, (0, 0, 150, 300))
    shown = kept(saved(picture, "PNG", transparency=0))
    assert near(shown.getpixel((250, 150)), (255, 255, 255))
    assert near(shown.getpixel((50, 150)), (200, 30, 30))


@pytest.mark.parametrize("mode", ["L", "LA", "1", "RGBA"])
def test_other_modes_are_taken(mode):
    assert kept(saved(Image.new(mode, (300, 300)), "PNG")).size == (300, 300)


@pytest.mark.parametrize("format", ["WEBP", "PNG"])
def test_of_what_moves_the_first_frame_is_kept(format):
    frames = [Image.new("RGB", (300, 300), color) for color in ("red", "lime", "blue")]
    upload = saved(frames[0], format, save_all=True, append_images=frames[1:], duration=100)
    assert near(kept(upload).getpixel((9, 9)), (255, 0, 0))


def test_several_pictures_in_one_file_as_phones_write_them_are_one():
    first = Image.new("RGB", (300, 300), "red")
    upload = saved(first, "MPO", save_all=True, append_images=[Image.new("RGB", (300, 300), "blue")])
    upload.content_type = "image/jpeg"
    assert near(kept(upload).getpixel((9, 9)), (255, 0, 0))


def gif() -> bytes:
    return saved(Image.new("P", (300, 300)), "GIF").read()


def forty_megapixels() -> bytes:
    return saved(Image.new("L", (8000, 5000)), "JPEG", quality=20).read()


def jpeg_and_page() -> bytes:
    return picture_file((300, 300)).read() + b"<html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("content", "said", "words"),
    [
        (gif(), "image/png", "cannot read this picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "", "cannot read this picture"),
        (forty_megapixels(), "", "more than 36 megapixels"),
        (jpeg_and_page(), "image/jpeg", "more in this file than a picture"),
        (picture_file((300, 300)).read()[:700], "", "cannot read this picture"),
        (picture_file((300, 300), format="PNG").read()[:300], "", "cannot read this picture"),
        (picture_file((300, 300), format="WEBP").read()[:60], "", "cannot read this picture"),
        (b"", "", "cannot read this picture"),
        (b"\0" * 1000, "", "cannot read this picture"),
        (picture_file((300, 300)).read() + b"\0" * 5 * 1024**2, "", "larger than 5 MB"),
        (picture_file((5000, 150)).read(), "", "too small"),
    ],
    ids=["gif", "svg", "40 megapixels", "page", "jpeg cut off", "png cut off", "webp cut off", "nothing", "zeros",
         "large", "strip"],
)  # fmt: skip
def test_what_is_refused_is_refused_in_a_sentence(content, said, words):
    with pytest.raises(BadImage, match=words):
        images.prepare(file(content, said=said))


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(width: int, height: int) -> bytes:
    """Says how large it is, and holds as many zeros in a few kilobytes."""
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + width * 3)) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")


MEASURE = """
import json, resource, sys, django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from catalog import images
from pymart.common.images import BadImage
from tests.factories import picture_file
images.prepare(picture_file((300, 300)))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    images.prepare(SimpleUploadedFile("bomb", sys.stdin.buffer.read(), "image/png"))
    outcome = "kept"
except BadImage as error:
    outcome = str(error)
print(json.dumps([outcome, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024]))
"""


def memory_for(content: bytes) -> tuple[str, int]:
    """What becomes of a file, and the megabytes that it takes to find out."""
    command = [sys.executable, "-c", MEASURE]
    done = subprocess.run(command, cwd=ROOT, env=environment(), input=content, capture_output=True, check=True)
    return tuple(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.django_db
def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = png_bomb(20_000, 20_000)  # 1.2 GB of pixels
    assert len(bomb) < 5 * 1024**2

    outcome, megabytes = memory_for(bomb)
    assert "megapixels" in outcome
    assert megabytes < 20


@pytest.mark.django_db
def test_the_largest_picture_that_is_taken_needs_a_bounded_amount_of_memory():
    outcome, megabytes = memory_for(png_bomb(6000, 6000))
    assert outcome == "kept"
    assert megabytes < 500
