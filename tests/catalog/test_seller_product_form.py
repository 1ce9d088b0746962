"""The seller's form of a product: new, changed, with variants, and when two tabs are open."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.services import set_seller_status
from catalog.models import Product, ProductImage, StockMovement, Variant
from tests.catalog.selling import posted, posted_again
from tests.factories import make_category, make_image, make_product, make_seller, make_variant, picture_file

pytestmark = pytest.mark.django_db
NEW = reverse("seller-products:new")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def seller(client):
    seller = make_seller(shop_name="Lamps & Co")
    client.force_login(seller.user)
    return seller


def body(response, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def edit(product: Product) -> str:
    return reverse("seller-products:edit", args=[product.pk])


def variants(product: Product) -> list[tuple]:
    rows = product.variants.order_by("position", "pk")
    return [(row.name, row.price, row.mrp, row.stock, row.is_active) for row in rows]


def kurta(seller) -> Product:
    """Red and blue, in M."""
    product = make_product(seller=seller, price=None, title="Kurta", description="Soft.", status="active")
    for colour in ("Red", "Blue"):
        make_variant(product, attributes={"Colour": colour, "Size": "M"}, price=899, mrp=1299, stock=3)
    return product


def test_a_product_is_listed_with_all_that_the_form_asks_for(client, seller):
    category = make_category("Lamps")
    fields = posted(
        category,
        {"price": "₹1,299", "mrp": "1499.50", "sku": "LMP-1"},
        attributes=[("Material", "Brass"), ("", "")],
        brand="Diya",
        highlights="Cast by hand\r\n\r\nPolished twice",
        tags="brass, lamp , brass",
        hsn="7418",
        country_of_origin="NP",
        status="active",
        images=[picture_file(), picture_file()],
    )
    response = client.post(NEW, fields)
    product = Product.objects.get()
    assert response.url == edit(product)
    assert (product.seller, product.category, product.title, product.brand) == (seller, category, "Brass lamp", "Diya")
    assert (product.highlights, product.tags) == (["Cast by hand", "Polished twice"], ["brass", "lamp"])
    assert (product.attributes, product.hsn, product.gst_rate) == ({"Material": "Brass"}, "7418", 5)
    assert (product.country_of_origin, product.is_listed, product.images.count()) == ("NP", True, 2)
    assert variants(product) == [("", Decimal("1299.00"), Decimal("1499.50"), 7, True)]
    assert StockMovement.objects.get().reason == "opening"


def test_of_several_pictures_the_one_that_is_none_is_named(client, seller):
    bad = SimpleUploadedFile("notes.jpg", b"no picture", "image/jpeg")
    fields = posted(make_category("Lamps"), {"price": "1299"}, images=[picture_file(), bad])
    assert "notes.jpg: We cannot read this picture." in body(client.post(NEW, fields), 422)
    assert not Product.objects.exists()


def test_pictures_that_the_browser_forgets_are_asked_for_again(client, seller):
    category = make_category("Lamps")
    again = "Choose your pictures again"
    wrong = {"price": "no number"}
    assert again in body(client.post(NEW, posted(category, wrong, images=[picture_file()])), 422)
    assert again not in body(client.post(NEW, posted(category, wrong)), 422)


def test_a_draft_may_do_without_a_price(client, seller):
    fields = posted(make_category(), {"price": "", "stock": ""})
    client.post(NEW, fields)
    assert Product.objects.get().variants.count() == 0
    page = body(client.post(NEW, {**fields, "status": "active"}), 422)
    assert "Give the product a variant with a price first" in page


def test_variants_have_the_values_of_the_options(client, seller):
    rows = [{"value_0": colour, "value_1": "M", "stock": number} for number, colour in enumerate(("Red", "Blue"))]
    client.post(NEW, posted(make_category(), *rows, options=[("Colour", ""), ("Size", "")], status="active"))
    product = Product.objects.get()
    assert variants(product) == [("Red / M", 499, 499, 0, True), ("Blue / M", 499, 499, 1, True)]
    assert product.variants.first().attributes == {"Colour": "Red", "Size": "M"}


def test_the_page_of_a_product_shows_it_as_it_is_and_saving_it_changes_nothing(client, seller):
    product = kurta(seller)
    page = body(client.get(edit(product)))
    for words in ('value="Kurta"', 'value="Red"', 'value="Blue"', 'value="899"', 'value="1299"', "Red, Blue"):
        assert words in page
    before = variants(product)
    assert client.post(edit(product), posted_again(product)).url == edit(product)
    assert variants(product) == before
    assert StockMovement.objects.count() == 2


def test_a_variant_is_changed_taken_off_sale_and_another_added(client, seller):
    product = kurta(seller)
    new = {"value_0": "Green", "value_1": "L", "price": "949", "mrp": "1299", "stock": "5"}
    fields = posted_again(product, new)
    fields |= {"variants-0-price": "799", "variants-0-stock": "4"}
    del fields["variants-1-is_active"]
    client.post(edit(product), fields)
    assert variants(product) == [
        ("Red / M", 799, 1299, 4, True),
        ("Blue / M", 899, 1299, 3, False),
        ("Green / L", 949, 1299, 5, True),
    ]


def test_the_last_variant_of_a_product_on_sale_stays_on_sale(client, seller):
    product = make_product(seller=seller, description="Soft.")
    fields = posted_again(product)
    del fields["variants-0-is_active"]
    assert "Give the product a variant" in body(client.post(edit(product), fields), 422)
    assert variants(product)[0][-1] is True


@pytest.mark.parametrize("is_htmx", [False, True])
def test_rows_are_added_and_removed_without_losing_what_was_typed(client, seller, is_htmx):
    def step(do, fields):
        headers = {"HX-Request": "true", "HX-Target": "product-variants"} if is_htmx else {}
        response = client.post(NEW, {**fields, "do": do}, headers=headers)
        assert body(response).strip().startswith("<fieldset" if is_htmx else "<!doctype html>")
        return response.context["editor"]

    fields = posted(
        make_category(), {"price": "not yet", "sku": "A"}, {"sku": "B"}, title="", attributes=[("Name", "")]
    )
    editor = step("add-variants", fields)
    assert [part["sku"].value() for part in editor.variants] == ["A", "B", None]
    assert editor.variants[0]["price"].value() == "not yet"
    assert not editor.has_problems
    editor = step("remove-variants-0", fields)
    assert [part["sku"].value() for part in editor.variants] == ["B"]
    assert [part["name"].value() for part in step("add-attributes", fields).attributes] == ["Name", None]
    assert step("remove-attributes-0", fields).attributes == []
    for nonsense in ("remove-variants-99", "remove-variants-x", "add-users", "\x00"):
        assert len(step(nonsense, fields).variants) == 2
    assert not Product.objects.exists()


def test_the_combinations_of_options_are_made_without_those_that_are_there(client, seller):
    product = kurta(seller)
    fields = {**posted_again(product), "options-0-values": "Red, Blue", "options-1-values": "M, L", "do": "combine"}
    editor = client.post(edit(product), fields).context["editor"]
    assert [part.title for part in editor.variants] == ["Red / M", "Blue / M", "Red / L", "Blue / L"]
    assert editor.variants[3]["price"].value() == "899"
    assert editor.variants[3]["stock"].value() is None
    assert editor.notes == ["2 added."]


def test_the_first_combination_is_what_was_the_whole_product(client, seller):
    fields = posted(make_category(), {"sku": "A"}, options=[("Size", "M, L, M")], do="combine")
    editor = client.post(NEW, fields).context["editor"]
    assert [(part.title, part["sku"].value()) for part in editor.variants] == [("M", "A"), ("L", None)]


def test_too_many_combinations_are_not_made(client, seller):
    values = ", ".join(map(str, range(11)))
    fields = posted(make_category(), options=[("A", values), ("B", values)], do="combine")
    editor = client.post(NEW, fields).context["editor"]
    assert len(editor.variants) == 1
    assert "121 combinations" in editor.notes[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Enter a title."),
        ({"title": "x" * 10_000}, "at most 200 characters"),
        ({"title": "a\x00b"}, "Null characters"),
        ({"description": ""}, "Describe the product."),
        ({"category": "999999"}, "This category is gone."),
        ({"category": "\x00"}, "This category is gone."),
        ({"tags": ",".join(map(str, range(21)))}, "At most 20"),
        ({"tags": "x" * 41}, "longer than 40"),
        ({"highlights": "x" * 161}, "longer than 160"),
        ({"hsn": "741"}, "4, 6 or 8 digits"),
        ({"hsn": "0074"}, "4, 6 or 8 digits"),
        ({"hsn": "७४१८"}, "4, 6 or 8 digits"),
        ({"gst_rate": "12"}, "valid choice"),
        ({"country_of_origin": "XX"}, "valid choice"),
        ({"status": "sold"}, "valid choice"),
        ({"variants-0-price": ""}, "Enter a price."),
        ({"variants-0-price": "-5"}, "greater than or equal to 1"),
        ({"variants-0-price": "10000000"}, "less than or equal to"),
        ({"variants-0-mrp": "498.99"}, "The MRP cannot be below the price."),
        ({"variants-0-stock": "-1"}, "Stock cannot be below 0."),
        ({"variants-0-sku": "x" * 65}, "at most 64 characters"),
        ({"variants-0-sku": "TAKEN"}, "Another of your products has this SKU."),
        ({"variants-0-id": "1"}, "no such variant"),
        ({"variants-0-value_0": "Red"}, "Name this option"),
        ({"attributes-0-name": ""}, "Name this detail."),
        ({"attributes-1-name": "Material"}, "is there twice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept_or_lost(client, seller, changes, words):
    make_variant(make_product(seller=seller, price=None), sku="TAKEN")
    details, options = [("Material", "Brass"), ("Finish", "Matt")], [("", "")]
    fields = posted(make_category(), attributes=details, options=options, **{"brand": "Diya", **changes})
    page = body(client.post(NEW, fields), 422)
    assert words in page
    assert 'value="Diya"' in page
    assert Product.objects.count() == 1


def test_each_wrong_cell_says_what_is_wrong_with_it(client, seller):
    category = make_category()
    rows = [{"value_0": "M", "mrp": "1"}, {"value_0": "M", "stock": "many"}]
    page = client.post(NEW, posted(category, *rows, options=[("Size", "")]))
    first, second = page.context["editor"].variants
    assert list(first.errors) == ["mrp"]
    assert list(second.errors) == ["stock"]
    rows = [{"value_0": "M"}, {"value_0": "M"}]
    page = client.post(NEW, posted(category, *rows, options=[("Size", "")]))
    assert list(page.context["editor"].variants[1].errors) == ["value_0"]


def test_a_variant_of_somebody_else_is_not_touched(client, seller):
    foreign = make_product().variants.get()
    product = make_product(seller=seller, description="Soft.")
    fields = {**posted_again(product), "variants-0-id": foreign.pk, "variants-0-price": "1"}
    assert "no such variant" in body(client.post(edit(product), fields), 422)
    assert Variant.objects.get(pk=foreign.pk).price == 499


def test_a_picture_of_another_product_is_not_removed(client, seller):
    mine, other, foreign = (make_product(seller=shop) for shop in (seller, seller, make_seller()))
    others, theirs = make_image(other), make_image(foreign)
    for product, image in ((mine, others), (mine, theirs), (foreign, theirs)):
        url = reverse("seller-products:image-remove", args=[product.pk, image.pk])
        assert client.post(url).status_code == 404
    assert ProductImage.objects.count() == 2


def test_the_second_of_two_tabs_hears_what_differs_and_may_save_all_the_same(client, seller):
    product = make_product(seller=seller, title="Lamp", description="Old.")
    mine, theirs = (posted_again(product, title=title) for title in ("Mine", "Theirs"))
    theirs["variants-0-price"] = "399"
    client.post(edit(product), theirs)
    response = client.post(edit(product), mine)
    page = body(response, 422)
    assert 'value="Mine"' in page
    assert [tuple(one) for one in response.context["editor"].differences] == [
        ("Title", "Theirs", "Mine"),
        ("Variant 1: Price ₹", "399", "499"),
    ]
    product.refresh_from_db()
    assert product.title == "Theirs"
    again = {**mine, "seen": response.context["editor"].form["seen"].value()}
    assert client.post(edit(product), again).url == edit(product)
    product.refresh_from_db()
    assert (product.title, product.variants.get().price) == ("Mine", 499)


def test_a_picture_and_a_sale_are_no_conflict(client, seller):
    product = make_product(seller=seller, description="Old.", stock=10)
    fields = posted_again(product, title="New title")
    client.post(reverse("seller-products:images", args=[product.pk]), {"images": picture_file()})
    product.variants.update(stock=8)
    assert client.post(edit(product), fields).status_code == 302
    product.refresh_from_db()
    assert (product.title, product.images.count(), product.variants.get().stock) == ("New title", 1, 8)


def test_a_stock_that_was_sold_from_meanwhile_is_asked_for_again(client, seller):
    product = make_product(seller=seller, description="Old.", stock=10)
    fields = {**posted_again(product), "variants-0-stock": "12"}
    product.variants.update(stock=8)
    page = body(client.post(edit(product), fields), 422)
    assert "Meanwhile it became 8." in page
    assert 'name="variants-0-stock_was" value="8"' in page


def test_a_shop_that_is_suspended_meanwhile_saves_nothing(client, seller):
    product = make_product(seller=seller, description="Old.")
    set_seller_status(seller=seller, status="suspended", reason="Fakes")
    response = client.post(edit(product), posted_again(product, title="Other"))
    assert response.url == reverse("sell:status")
    product.refresh_from_db()
    assert product.title != "Other"


def test_the_form_costs_the_same_for_one_and_for_fifty_variants(client, seller, django_assert_max_num_queries):
    product = make_product(seller=seller, price=None)
    for count in (1, 50):
        for number in range(count):
            make_variant(product, attributes={"Size": f"{count}-{number}"})
        client.get(edit(product))
        with django_assert_max_num_queries(8):
            body(client.get(edit(product)))
