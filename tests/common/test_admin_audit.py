import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from catalog.models import Product, ProductStatus
from pymart.common.audit import HIDDEN
from pymart.common.models import AuditEntry
from tests.factories import PASSWORD, make_admin, make_category, make_image, make_product, make_user

pytestmark = pytest.mark.django_db

LOG = "/admin/common/auditentry/"
PRODUCTS = "/admin/catalog/product/"
NEW_PASSWORD = {"usable_password": "true", "password1": "papaya-tree-17", "password2": "papaya-tree-17"}


@pytest.fixture
def admin(client) -> User:
    user = make_admin(email="meera@example.com")
    client.force_login(user)
    return user


WHY = {"confirmed": "1", "reason": "Counterfeit"}


def act(client, products, action, **extra):
    ids = [product.pk for product in products]
    return client.post(PRODUCTS, {"action": action, "_selected_action": ids, **WHY}, **extra)


def test_a_form_is_logged_with_who_what_before_after_and_where(client, admin):
    category = make_category("Shirts")
    data = {"name": "Kurtas", "slug": "shirts", "position": 0}
    client.post(
        f"/admin/catalog/category/{category.pk}/change/",
        data,
        REMOTE_ADDR="203.0.113.9",
        HTTP_X_REQUEST_ID="request-4711",
    )
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject) == (admin, "change", "Kurtas")
    assert (entry.subject_type, entry.subject_id) == ("catalog.category", str(category.pk))
    assert (entry.before, entry.after) == ({"name": "Shirts"}, {"name": "Kurtas"})
    assert (entry.ip, entry.request_id) == ("203.0.113.9", "request-4711")
    assert entry.path == f"/admin/catalog/category/{category.pk}/change/"


def test_what_is_added_and_deleted_is_logged_too(client, admin):
    client.post("/admin/catalog/category/add/", {"name": "Kurtas", "slug": "kurtas", "position": 3})
    pk = AuditEntry.objects.get().subject_id
    client.post(f"/admin/catalog/category/{pk}/delete/", {"post": "yes"})
    deleted, added = AuditEntry.objects.all()
    assert (added.action, added.before, added.after["position"]) == ("add", {}, 3)
    assert (deleted.action, deleted.subject_id, deleted.before["name"]) == ("delete", pk, "Kurtas")


def test_other_rows_are_called_by_their_names(client, admin):
    below, above = make_category("Below"), make_category("Above")
    data = {"name": "Below", "slug": "below", "position": 0, "parent": above.pk}
    client.post(f"/admin/catalog/category/{below.pk}/change/", data)
    assert AuditEntry.objects.get().after == {"parent": f"Above (#{above.pk})"}


def test_a_password_is_never_written_down(client, admin):
    user = make_user()
    client.post(f"/admin/accounts/user/{user.pk}/password/", NEW_PASSWORD)
    entry = AuditEntry.objects.get()
    assert entry.after["password"] == entry.before["password"] == HIDDEN
    assert PASSWORD not in str(entry.before)
    assert "bcrypt" not in str(entry.before) + str(entry.after)


def test_what_is_personal_is_never_written_down(client, admin):
    asha = make_user(email="asha@example.com", full_name="Asha Rao", phone="+919876543210")
    data = {"email": "ravi@example.com", "full_name": "Ravi Iyer", "phone": "", "role": "buyer", "is_active": "on"}
    no_addresses = {"addresses-TOTAL_FORMS": 0, "addresses-INITIAL_FORMS": 0}
    assert client.post(f"/admin/accounts/user/{asha.pk}/change/", data | no_addresses).status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.subject, entry.subject_id) == (f"user #{asha.pk}", str(asha.pk))
    assert entry.before == {"email": HIDDEN, "full_name": HIDDEN, "phone": HIDDEN}
    assert entry.after == {"email": HIDDEN, "full_name": HIDDEN, "phone": ""}


def test_what_was_done_to_an_account_is_found_by_its_e_mail(client, admin):
    asha, ravi = make_user(email="asha@example.com"), make_user(email="ravi@example.com")
    for user in (asha, ravi):
        client.post("/admin/accounts/user/", {"action": "sign_out", "_selected_action": [user.pk]})
    page = client.get(LOG, {"q": " Asha@example.com"}).text
    assert f"user #{asha.pk}" in page
    assert f"user #{ravi.pk}" not in page


def test_an_action_has_an_entry_for_each_row(client, admin):
    products = [make_product(), make_product()]
    act(client, products, "archive")
    entries = AuditEntry.objects.all()
    assert {entry.subject_id for entry in entries} == {str(product.pk) for product in products}
    assert {(entry.before["status"], entry.after["status"]) for entry in entries} == {("active", "archived")}
    assert {entry.reason for entry in entries} == {"Counterfeit"}


def test_a_refused_action_is_not_in_the_log(client, admin, monkeypatch):
    from catalog import admin as catalog_admin
    from pymart.common.errors import DomainError

    def half_done(*, product, status, reason):
        Product.objects.filter(pk=product.pk).update(brand="half done")
        raise DomainError("No.")

    monkeypatch.setattr(catalog_admin, "override_status", half_done)
    product = make_product()
    response = act(client, [product], "archive")
    assert "No." in client.get(response.url).content.decode()
    product.refresh_from_db()
    assert (product.brand, product.status) == ("", ProductStatus.ACTIVE)
    assert not AuditEntry.objects.exists()


def test_a_removed_picture_is_named(client, admin):
    product = make_product()
    image = make_image(product, alt="From the side")
    form = client.get(f"{PRODUCTS}{product.pk}/change/").context["adminform"].form
    data = {name: form[name].value() for name in form.fields} | {
        "highlights": "", "tags": "", "attributes": "{}",
        "variants-TOTAL_FORMS": 0, "variants-INITIAL_FORMS": 0, "images-TOTAL_FORMS": 1, "images-INITIAL_FORMS": 1,
        "images-0-id": image.pk, "images-0-product": product.pk, "images-0-DELETE": "on",
    }  # fmt: skip
    assert client.post(f"{PRODUCTS}{product.pk}/change/", data).status_code == 302
    assert "deleted product image “From the side”" in AuditEntry.objects.get().reason


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_the_log(client, admin, change):
    act(client, [make_product()], "archive")
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        AuditEntry.objects.update(action="nothing") if change == "update" else AuditEntry.objects.all()._raw_delete(
            "default"
        )


def test_nobody_can_write_the_log_in_the_admin(client, admin):
    act(client, [make_product()], "archive")
    entry = AuditEntry.objects.get()
    assert client.get(f"{LOG}add/").status_code == 403
    assert client.post(f"{LOG}{entry.pk}/change/", {"action": "x"}).status_code == 403
    assert client.post(f"{LOG}{entry.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("steel", True),
        ("Bottle Steel", True),
        ("meera@ex", True),
        ("archive", True),
        ("203.0.113.9", True),
        ("x", False),
    ],
)
def test_the_log_can_be_searched(client, admin, q, found):
    product = make_product(title="Steel bottle")
    act(client, [product], "archive", REMOTE_ADDR="203.0.113.9")
    html = client.get(LOG, {"q": q}).content.decode()
    assert ("Steel bottle" in html) is found


def test_the_history_of_a_row_is_what_the_log_says_of_it(client, admin):
    product, other = make_product(), make_product()
    act(client, [product], "archive")
    html = client.get(f"{PRODUCTS}{product.pk}/history/").content.decode()
    assert "status: active → archived" in html
    assert "meera@example.com" in html
    assert "None of the staff" in client.get(f"{PRODUCTS}{other.pk}/history/").content.decode()


def test_a_row_s_page_has_its_actions_as_buttons_and_comes_back(client, admin):
    product = make_product()
    page = f"{PRODUCTS}{product.pk}/change/"
    assert f'value="archive {product.pk}"' in client.get(page).content.decode()
    asked = client.post(PRODUCTS, {"_button": f"archive {product.pk}", "next": page})
    assert product.title in asked.content.decode()
    response = client.post(PRODUCTS, dict(asked.context["passed_on"]) | WHY)
    assert response.url == page
    product.refresh_from_db()
    assert product.status == ProductStatus.ARCHIVED


def test_a_button_leads_to_no_other_site(client, admin):
    response = client.post(
        PRODUCTS, {"_button": f"archive {make_product().pk}", "next": "https://evil.example/", **WHY}
    )
    assert response.url == PRODUCTS
