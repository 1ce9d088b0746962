import pytest

from catalog.admin import ProductAdmin
from catalog.models import Category, Product
from tests.factories import make_admin, make_category, make_image, make_product, make_seller, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(client):
    client.force_login(make_admin())
    return client


def form_of(product, **changes):
    return {
        "seller": product.seller_id, "category": product.category_id, "title": product.title, "slug": product.slug,
        "brand": "", "description": "", "highlights": "", "tags": "", "attributes": "{}", "status": product.status,
        "country_of_origin": "IN", "hsn": "", "gst_rate": "18",
        "variants-TOTAL_FORMS": 0, "variants-INITIAL_FORMS": 0, "images-TOTAL_FORMS": 0, "images-INITIAL_FORMS": 0,
        **changes,
    }  # fmt: skip


def test_a_category_is_made_and_changed_through_the_services(admin_client):
    admin_client.post("/admin/catalog/category/add/", {"name": "Kurtas", "slug": "kurtas", "position": 1})
    category = Category.objects.get()
    product = make_product(category=category)

    admin_client.post(
        f"/admin/catalog/category/{category.pk}/change/", {"name": "Kurtis", "slug": "kurtas", "position": 1}
    )

    product.refresh_from_db()
    assert "Kurtis" in product.keywords


def test_a_circle_is_said_beside_the_field(admin_client):
    root = make_category("Root")
    child = make_category("Child", root)

    response = admin_client.post(
        f"/admin/catalog/category/{root.pk}/change/",
        {"name": "Root", "slug": "root", "position": 0, "parent": child.pk},
    )

    assert response.status_code == 200
    assert "cannot be below itself" in response.content.decode()


def test_a_category_with_products_on_sale_is_kept_and_the_page_says_why(admin_client):
    used, unused = make_category("Used"), make_category("Unused")
    make_product(category=used)

    refused = admin_client.post(f"/admin/catalog/category/{used.pk}/delete/", {"post": "yes"}, follow=True)
    admin_client.post(f"/admin/catalog/category/{unused.pk}/delete/", {"post": "yes"})

    assert "still has products on sale" in refused.content.decode()
    assert list(Category.objects.all()) == [used]


def test_the_page_before_deleting_names_what_goes_but_not_every_product(admin_client):
    root = make_category("Root")
    make_product(category=make_category("Child", root), title="Brass lamp")

    html = admin_client.get(f"/admin/catalog/category/{root.pk}/delete/").content.decode()

    assert "Child" in html
    assert "Brass lamp" not in html


def test_the_list_of_categories_is_their_tree(admin_client):
    men, women = make_category("Men", position=2), make_category("Women", position=1)
    make_category("Shirts", men)
    make_category("Sarees", women)

    rows = admin_client.get("/admin/catalog/category/").context["cl"].result_list

    assert [row.name for row in rows] == ["Women", "Sarees", "Men", "Shirts"]


def test_no_category_is_offered_a_place_below_itself(admin_client):
    root, other = make_category("Root"), make_category("Other")
    child = make_category("Child", root)

    form = admin_client.get(f"/admin/catalog/category/{root.pk}/change/").context["adminform"].form

    offered = {value for value, _ in form.fields["parent"].choices}
    assert offered == {"", other.pk}
    assert child.pk not in offered


WHY = {"confirmed": "1", "reason": "Counterfeit"}


def test_archiving_takes_products_out_of_the_shop(admin_client):
    products = [make_product(), make_product()]
    chosen = {"action": "archive", "_selected_action": [product.pk for product in products]}

    asked = admin_client.post("/admin/catalog/product/", chosen)
    assert products[0].title in asked.content.decode()
    assert Product.objects.listed().count() == 2

    admin_client.post("/admin/catalog/product/", {**chosen, **WHY})
    assert not Product.objects.listed().exists()


def test_what_cannot_go_on_sale_is_named_and_the_rest_does(admin_client):
    bare, whole = make_product(price=None, status="draft"), make_product(status="draft")

    response = admin_client.post(
        "/admin/catalog/product/",
        {"action": "put_on_sale", "_selected_action": [bare.pk, whole.pk], **WHY},
        follow=True,
    )

    assert f"{bare}: Give the product a variant" in response.content.decode()
    assert list(Product.objects.listed()) == [whole]


def test_more_than_a_page_can_take_is_refused_whole(admin_client, monkeypatch):
    monkeypatch.setattr("pymart.common.admin.AT_ONCE", 1)
    products = [make_product(), make_product()]

    response = admin_client.post(
        "/admin/catalog/product/",
        {"action": "archive", "_selected_action": [product.pk for product in products], **WHY},
        follow=True,
    )

    assert "nothing was done" in response.content.decode()
    assert Product.objects.listed().count() == 2


def test_saving_a_product_leaves_its_status_and_derives_its_listing_anew(admin_client):
    product = make_product()

    response = admin_client.post(
        f"/admin/catalog/product/{product.pk}/change/", form_of(product, status="archived", title="Brass lamp")
    )

    assert response.status_code == 302
    product.refresh_from_db()
    assert (product.title, product.status, product.is_listed) == ("Brass lamp", "active", True)


def test_saving_a_product_writes_what_was_changed_alone(admin_client, monkeypatch):
    """The seller takes it off sale, and somebody buys one, between the admin's reading and writing."""
    product, other = make_product(), make_seller()
    save = ProductAdmin.save_model

    def save_late(self, request, obj, form, change):
        Product.objects.filter(pk=obj.pk).update(status="archived", is_listed=False, units_sold=7)
        save(self, request, obj, form, change)

    monkeypatch.setattr(ProductAdmin, "save_model", save_late)
    form = form_of(product, title="Brass lamp", seller=other.pk)
    assert admin_client.post(f"/admin/catalog/product/{product.pk}/change/", form).status_code == 302
    product.refresh_from_db()
    assert (product.title, product.status, product.units_sold) == ("Brass lamp", "archived", 7)
    assert product.seller != other


def test_products_are_filtered_by_a_category_with_those_below_it(admin_client):
    root = make_category("Root")
    below = make_product(category=make_category("Child", root))
    make_product()

    rows = admin_client.get("/admin/catalog/product/", {"category": root.pk}).context["cl"].result_list

    assert list(rows) == [below]


def test_variants_are_there_to_look_at(admin_client):
    product = make_product(stock=17)

    html = admin_client.get(f"/admin/catalog/product/{product.pk}/change/").content.decode()

    assert "17" in html
    assert 'name="variants-0-price"' not in html
    assert 'name="variants-0-stock"' not in html


def test_a_picture_can_be_removed(admin_client):
    product = make_product()
    first, second = make_image(product), make_image(product)

    admin_client.post(
        f"/admin/catalog/product/{product.pk}/change/",
        form_of(
            product,
            **{
                "images-TOTAL_FORMS": 2, "images-INITIAL_FORMS": 2,
                "images-0-id": first.pk, "images-0-product": product.pk, "images-0-DELETE": "on",
                "images-1-id": second.pk, "images-1-product": product.pk,
            },
        ),
    )  # fmt: skip

    assert list(product.images.values_list("pk", "position")) == [(second.pk, 0)]


@pytest.mark.parametrize("page", ["category", "product", "product/add", "category/add"])
def test_pages_open(admin_client, page):
    make_product()

    assert admin_client.get(f"/admin/catalog/{page}/").status_code == 200


@pytest.mark.parametrize("page", ["category", "product"])
def test_lists_cost_the_same_however_long(admin_client, django_assert_max_num_queries, page):
    make_product()
    url = f"/admin/catalog/{page}/?q=o"
    admin_client.get(url)
    with django_assert_max_num_queries(12) as few:
        admin_client.get(url)
    for _ in range(9):
        product = make_product(seller=make_seller(), category=make_category())
        make_variant(product, name="More")
    with django_assert_max_num_queries(len(few)):
        admin_client.get(url)
