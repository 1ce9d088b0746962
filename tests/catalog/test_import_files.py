"""What sellers send that is no file of products, or a broken one: refused in a sentence, with nothing half done."""

import io
import zipfile

import pytest

from catalog.csv import files
from catalog.csv.files import BadFile, layout_of, lines_of, survey
from catalog.models import ProductImport
from tests.catalog.importing import NEW, begin, counts, csv_bytes, finished
from tests.catalog.writing import everything
from tests.factories import make_category, make_seller

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    make_category("Lamps", parent=make_category("Home"))
    return make_seller()


def workbook() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


GOOD = csv_bytes(NEW)
AT_ONCE = {
    "nothing": (b"", "empty"),
    "only spaces": (b" \r\n\r\n", "empty"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "UTF-16"),
    "UTF-16 of the other kind": (b"\xfe\xff" + GOOD.decode().encode("utf-16-be"), "UTF-16"),
    "UTF-16 without a mark": (GOOD.decode().encode("utf-16-le"), "zero bytes"),
    "a workbook": (workbook(), "Excel workbook"),
    "an encrypted workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "with a password"),
    "a PDF": (b"%PDF-1.7 ...", "PDF"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "zero bytes"),
    "an old Mac's": (GOOD.replace(b"\r\n", b"\r"), "Macs"),
    "200 columns": (csv_bytes({**NEW, **{f"attr:{n}": "x" for n in range(194)}}), "200 columns; it may have 100"),
    "no head": (csv_bytes(NEW).split(b"\r\n", 1)[1], "is none that we know"),
    "no SKU": (csv_bytes({"title": "x"}), "no column “sku”"),
    "a column twice": (b"sku,price,Price\r\nA,1,2\r\n", "“price” is there twice"),
    "an attribute twice": (b"sku,attr:Size,attr:Size\r\nA,1,2\r\n", "“attr:Size” is there twice"),
    "a column misspelt": (b"sku,prise\r\nA,1\r\n", "Is it “price”?"),
    "a column of our own": (b"sku,is_listed\r\nA,1\r\n", "Column 2, “is_listed”, is none that we know."),
    "a column without a name": (b"sku,,price\r\nA,,1\r\n", "Column 2 has no name"),
    "an attribute without a name": (b"sku,attr:\r\nA,1\r\n", "after “attr:” comes a name"),
    "a head that never closes": (b'sku,"price\r\nA,1\r\n' * 9, "Row 1"),
}
LATER = {
    "only a head": (b"sku,price\r\n", "no rows below"),
    "a quotation mark that never closes": (
        csv_bytes(NEW) + b'B,"x' + b"\r\nmore" * 50_000,
        "opens in row 3 and never closes",
    ),
    "one that never closes, to the end": (csv_bytes(NEW) + b'B,"x\r\n', "opens in row 3 and never closes"),
    "one in the middle": (csv_bytes(NEW) + b'B,"a"b"\r\n', "Row 3 has a quotation mark in the middle"),
    "an end in the middle of a row": (csv_bytes(NEW, {**NEW, "sku": "B"})[:-12], "ends in the middle of row 3"),
    "a zero byte": (csv_bytes(NEW) + b"B," + b"x" * 5000 + bytes(9), "zero bytes in row 3"),
    "other letters": (csv_bytes(NEW) + "B,Lämp\r\n".encode("latin-1"), "Row 3 has letters that are not in UTF-8"),
    "a line without end": (csv_bytes(NEW) + b"x" * 300_000, "Row 3 is too long"),
    "a million rows": (csv_bytes(NEW) + b"A,,,,,\r\n" * files.MAX_ROWS, "more than 1,00,000 rows"),
}


@pytest.mark.parametrize(("content", "sentence"), AT_ONCE.values(), ids=AT_ONCE)
def test_what_is_no_file_of_products_is_refused_at_once(seller, content, sentence):
    with pytest.raises(BadFile, match=sentence.replace("?", r"\?").replace(".", r"\.")):
        begin(seller, content)
    assert not ProductImport.objects.exists()


@pytest.mark.parametrize(("content", "sentence"), LATER.values(), ids=LATER)
def test_a_file_that_is_broken_further_down_is_refused_before_anything_is_written(seller, content, sentence):
    before = everything()[0]
    job = finished(begin(seller, content))
    assert job.status == "refused"
    assert sentence in job.reason
    assert job.done == 0
    assert everything()[0] == before


def test_a_file_that_is_too_large_is_refused(seller, monkeypatch):
    monkeypatch.setattr("catalog.services.importing.jobs.MAX_BYTES", 10)
    with pytest.raises(BadFile, match="in parts"):
        begin(seller, GOOD)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"\r\n", b"\n"),
        GOOD.rstrip(),
        csv_bytes(NEW, delimiter=";"),
        csv_bytes(NEW, delimiter="\t"),
        csv_bytes({name.upper(): value for name, value in NEW.items()}),
        csv_bytes({**NEW, "": "", "  ": ""}),
        b"\r\n".join([GOOD.split(b"\r\n")[0], b",,,,,", b"", GOOD.split(b"\r\n")[1], b"", b""]),
        csv_bytes({"row": "7", **NEW, "error": "price: none"}),
    ],
    ids=["mark", "unix", "no end of line", "semicolons", "tabs", "capitals", "empty columns", "empty rows", "mended"],
)
def test_files_come_in_many_shapes(seller, content):
    assert counts(finished(begin(seller, content))) == {"created": 1}


def test_rows_are_numbered_as_a_spreadsheet_does():
    content = b'sku,description\r\nA,"two\r\nlines"\r\n\r\nB,one\r\n'
    layout = layout_of(io.BytesIO(content))
    lines = list(lines_of(io.BytesIO(content), layout, start=layout.start, row=1))
    assert [(line.number, line.sku) for line in lines] == [(2, "A"), (4, "B")]


def test_a_file_is_read_on_from_where_a_row_ended():
    content = 'sku,description\r\nA,"साड़ी\n, ""x"""\r\nB,two\r\nC,three'.encode()
    file = io.BytesIO(content)
    layout = layout_of(file)
    lines = list(lines_of(file, layout, start=layout.start, row=1))
    for number, line in enumerate(lines):
        rest = list(lines_of(file, layout, start=line.end, row=line.number))
        assert rest == lines[number + 1 :]
    assert survey(file, layout).rows == 3
    assert [line.cells[layout.columns[1]] for line in lines] == ['साड़ी\n, "x"', "two", "three"]
