import pytest

from tests.factories import make_category, make_product

pytestmark = pytest.mark.django_db


def test_the_sitemap_names_what_the_public_may_see(client):
    category = make_category("Kurtas")
    listed = make_product(category=category)
    draft = make_product(category=category, status="draft")

    index = client.get("/sitemap.xml").content.decode()
    products = client.get("/sitemap-products.xml").content.decode()

    for section in ("pages", "categories", "products"):
        assert f"/sitemap-{section}.xml" in index
    assert listed.get_absolute_url() in products
    assert draft.get_absolute_url() not in products
    assert "<lastmod>" in products
    assert "/c/kurtas/" in client.get("/sitemap-categories.xml").content.decode()
    assert "/grievance/" in client.get("/sitemap-pages.xml").content.decode()


@pytest.mark.parametrize("products", [1, 10])
def test_a_sitemap_costs_the_same_however_long(client, django_assert_max_num_queries, products):
    for _ in range(products):
        make_product()

    with django_assert_max_num_queries(2):
        client.get("/sitemap-products.xml")
