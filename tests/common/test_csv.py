"""Files for spreadsheets: nothing in them runs, nothing in them is lost, and they are sent row by row."""

import csv
import io
from decimal import Decimal

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncRequestFactory, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from pymart.common.csv import csv_response, defused, restored


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(sign):
    assert defused(f"{sign}HYPERLINK(1)") == f"'{sign}HYPERLINK(1)"
    assert defused(f"a{sign}b") == f"a{sign}b"


@given(st.text(alphabet="'=+-@\t\r\na１＝ ", max_size=6) | st.text())
def test_a_defused_text_is_restored_and_never_begins_a_formula(text):
    assert restored(defused(text)) == text
    assert not defused(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_an_apostrophe_that_belongs_to_the_text_stays():
    assert restored("'tis") == defused("'tis") == "'tis"
    assert restored("") == defused("") == ""


def test_numbers_are_not_defused():
    response = csv_response(RequestFactory().get("/"), "figures.csv", ["change"], [[-5], [Decimal("-1.50")], [None]])
    assert response.getvalue().decode("utf-8-sig") == 'change\r\n-5\r\n-1.50\r\n""\r\n'


def test_a_file_is_named_and_opens_in_excel_with_its_letters():
    response = csv_response(RequestFactory().get("/"), "figures.csv", ["Name"], [["साड़ी, लाल"], ['8" pan']])
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="figures.csv"'
    content = response.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [["Name"], ["साड़ी, लाल"], ['8" pan']]


def test_rows_are_asked_for_as_they_are_sent():
    asked = []

    def rows():
        for number in range(10_000):
            asked.append(number)
            yield [number]

    pieces = iter(csv_response(RequestFactory().get("/"), "long.csv", ["n"], rows()))
    next(pieces)
    assert len(asked) < 1000
    assert b"".join(pieces).endswith(b"9999\r\n")


def test_an_asynchronous_server_sends_them_in_turn_as_well():
    response = csv_response(AsyncRequestFactory().get("/"), "long.csv", ["n"], ([n] for n in range(1200)))

    async def pieces():
        return [piece async for piece in response]

    sent = async_to_sync(pieces)()
    assert len(sent) == 3
    assert b"".join(sent).decode("utf-8-sig").split() == ["n", *map(str, range(1200))]
