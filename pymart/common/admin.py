"""Admin classes of all apps: what staff do is logged, actions go through services, lists are quick."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from pymart.common import audit
from pymart.common.admin_lists import QuickList
from pymart.common.errors import DomainError
from pymart.common.models import AuditEntry
from pymart.common.net import safe_next

AT_ONCE = 500  # rows that one action takes
NAMED = 10  # one by one, of many


@dataclass(frozen=True)
class Button:
    """Runs an action on one thing, from wherever it is shown."""

    label: str
    url: str  # of the list that has the action
    value: str  # "<action> <primary key>"


PanelMaker = Callable[[HttpRequest, Any], "Panel"]


def panel(permission: str) -> Callable[[PanelMaker], PanelMaker]:
    """Decorator: who has not the permission does not see this panel."""

    def mark(maker: PanelMaker) -> PanelMaker:
        maker.permission = permission  # type: ignore[attr-defined]
        return maker

    return mark


@dataclass(frozen=True)
class Row:
    cells: Sequence[Any]
    buttons: Sequence[Button] = ()


@dataclass(frozen=True)
class Panel:
    """A table on the page of something, about what belongs to it."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Row]

    @property
    def has_buttons(self) -> bool:
        return any(row.buttons for row in self.rows)


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=200, widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}))


class AuditedAdmin(QuickList):
    """
    Logs its forms and actions. The actions are buttons on the page of each row as well, where `panels` can show
    what other apps know about it.
    """

    panels: list[PanelMaker] = []
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_act_on_permission(self, request: HttpRequest) -> bool:
        """Who may change such rows may use the actions, also where the form is closed to everybody."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    # --- forms

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST":
            request.audit_before = audit.snapshot(found)  # type: ignore[attr-defined]
        return found

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> None:
        audit.record(request, obj, "add", after=audit.snapshot(obj))

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> None:
        before = request.audit_before  # type: ignore[attr-defined]
        audit.record(request, obj, "change", before=before, after=audit.snapshot(obj), reason=_in_words(message))

    def log_deletions(self, request: HttpRequest, queryset: Iterable[models.Model]) -> None:
        for obj in queryset:
            audit.record(request, obj, "delete", before=audit.snapshot(obj))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, *args, **kwargs)
        except DomainError as refusal:  # one that the form could not foresee
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(self._url("change", object_id))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            context |= {
                "buttons": self.buttons(request, obj),
                "panels": [
                    maker(request, obj)
                    for maker in self.panels
                    if request.user.has_perm(maker.permission)  # type: ignore[attr-defined]
                ],
                "back": request.get_full_path(),
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Out of the audit log, which knows of actions and of the API, too."""
        found = self.get_object(request, unquote(object_id))
        if found is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, found):
            raise PermissionDenied
        entries = AuditEntry.objects.filter(subject_type=self.opts.label_lower, subject_id=str(found.pk))
        page = self.get_paginator(request, entries.select_related("actor"), 50).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"History: {found}",
            "object": found,
            "opts": self.opts,
            "module_name": self.opts.verbose_name_plural.capitalize(),
            "page": page,
            "entries": [(entry, changes(entry)) for entry in page],
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/history.html", context)

    # --- actions

    def act(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        action: str,
        function: Callable[[Any], str | None],
        *,
        done: str,
        reason: str = "",
    ) -> None:
        """
        Do it to each of these, each in a transaction of its own with its entry in the log.

        :param function: what it answers is what went wrong, and is to be kept all the same.
        :param done: what they are afterwards: "cancelled".
        """
        chosen = list(queryset[: AT_ONCE + 1])
        if len(chosen) > AT_ONCE:
            self.message_user(request, f"At most {AT_ONCE} at once: nothing was done.", messages.ERROR)
            return
        refusals = []
        for subject in chosen:
            try:
                with audit.noted(request, subject, action, reason=reason):
                    problem = function(subject)
            except DomainError as refusal:
                problem = str(refusal)
            if problem:
                refusals.append(f"{subject}: {problem}")
        for refusal in refusals[:NAMED]:
            self.message_user(request, refusal, messages.ERROR)
        if len(refusals) > NAMED:
            self.message_user(request, f"And {len(refusals) - NAMED} more were refused.", messages.ERROR)
        if count := len(chosen) - len(refusals):
            name = self.opts.verbose_name if count == 1 else self.opts.verbose_name_plural
            self.message_user(request, f"{count} {name} {done}.", messages.SUCCESS)

    def act_with_reason(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        action: str,
        function: Callable[[Any, str], str | None],
        *,
        ask: str,
        done: str,
        told: str = "It is kept in the audit log.",
    ) -> HttpResponse | None:
        """`act`, after a page that asks for the reason and says who is `told` it."""
        form = ReasonForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid():
            reason: str = form.cleaned_data["reason"]
            self.act(request, queryset, action, lambda subject: function(subject, reason), done=done, reason=reason)
            return None
        subjects = list(queryset[: AT_ONCE + 1])
        context = {
            **self.admin_site.each_context(request),
            "title": ask,
            "opts": self.opts,
            "form": form,
            "told": told,
            "subjects": subjects[:NAMED],
            "more": max(len(subjects) - NAMED, 0),
            "back": safe_next(request, request.path),
            "passed_on": [
                (name, value)
                for name in ("action", "select_across", "index", "next", ACTION_CHECKBOX_NAME)
                for value in request.POST.getlist(name)
            ],
        }
        return TemplateResponse(request, "admin/reason.html", context)

    def buttons(self, request: HttpRequest, obj: Any) -> list[Button]:
        url = self._url("changelist")
        actions = self.get_actions(request).items()
        return [
            Button(str(label), url, f"{name} {obj.pk}") for name, (_, _, label) in actions if self.applies(name, obj)
        ]

    def _url(self, page: str, *args: object) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    def applies(self, action: str, obj: Any) -> bool:
        """Whether the page of that row offers the action; a refusal would follow where it makes no sense."""
        return action != "delete_selected"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if button := request.POST.get("_button"):
            name, _, pk = button.partition(" ")
            posted = request.POST.copy()
            posted.update({"action": name, ACTION_CHECKBOX_NAME: pk, "index": "0"})
            request.POST = posted  # type: ignore[assignment]
        return super().changelist_view(request, extra_context)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        response = super().response_action(request, queryset)
        if isinstance(response, HttpResponseRedirect):  # done; else it is a page that asks for more
            return HttpResponseRedirect(safe_next(request, response.url))
        return response


def _in_words(message: Any) -> str:
    """Of Django's description of a change what the row's own fields do not tell: its inlines."""
    steps = [(verb, about) for item in message or [] for verb, about in item.items() if "object" in about]
    return ", ".join(f"{verb} {about['name']} “{about['object']}”" for verb, about in steps)


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(AuditedAdmin):
    """Rows that only services write: to look at, and to act on by actions."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def buttons_of(request: HttpRequest, obj: models.Model) -> list[Button]:
    """The actions on a row that is shown on the page of another."""
    shown_by = admin.site.get_model_admin(type(obj))
    return shown_by.buttons(request, obj) if shown_by.has_act_on_permission(request) else []


def link_to(obj: models.Model | None, label: object = None) -> SafeString | str:
    """The page of a row."""
    if obj is None:
        return "-"
    url = reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])
    return format_html('<a href="{}">{}</a>', url, label or obj)


def when(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j M Y, H:i") if moment else "-"


class SubjectTypeFilter(admin.SimpleListFilter):
    title, parameter_name = "type", "type"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        registered = [model._meta for model in model_admin.admin_site._registry if model is not AuditEntry]
        return sorted((opts.label_lower, str(opts.verbose_name)) for opts in registered)

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(subject_type=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "actor", "action", "thing", "changes", "reason", "ip"]
    list_filter = [SubjectTypeFilter, "created_at"]
    list_select_related = ["actor"]
    search_fields = [
        "subject__icontains", "actor__email__startswith", "subject_id__exact", "action__exact", "ip__exact",
        "request_id__exact",
    ]  # fmt: skip
    search_help_text = (
        "Who, or whose account (e-mail), what it was done to (name or id), the action, the IP address or the id of the "
        "request"
    )
    fields = [
        "created_at", "actor", "action", "thing", "subject_type", "subject_id", "changes", "reason", "ip", "path",
        "request_id",
    ]  # fmt: skip

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        """An e-mail finds what its owner did, and what was done to their account, which is not named in the log."""
        found, has_duplicates = super().get_search_results(request, queryset, search_term)
        user = get_user_model()
        if person := user._base_manager.filter(email=search_term.strip().lower()).first():
            found |= queryset.filter(subject_type=user._meta.label_lower, subject_id=str(person.pk))
        return found, has_duplicates

    @admin.display(description="to what")
    def thing(self, entry: AuditEntry) -> SafeString | str:
        name = f"admin:{entry.subject_type.replace('.', '_')}_change"
        try:
            return format_html('<a href="{}">{}</a>', reverse(name, args=[entry.subject_id]), entry.subject)
        except NoReverseMatch:
            return entry.subject

    @admin.display(description="what changed")
    def changes(self, entry: AuditEntry) -> SafeString:
        return changes(entry)


def changes(entry: AuditEntry) -> SafeString:
    names = {**entry.before, **entry.after}
    lines = [(name, _brief(entry.before.get(name)), _brief(entry.after.get(name))) for name in names]
    return format_html_join(mark_safe("<br>"), "{}: {} → {}", lines)


def _brief(value: Any) -> str:
    text = "–" if value in (None, "", [], {}) else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 200 else f"{text[:200]}…"
