from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import OutboundEmail
from accounts.selectors import emails_given_up, waiting_emails
from accounts.services import send_again
from pymart.common.admin import ReadOnlyAdmin


class EmailStateFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("sent", "Sent"), ("waiting", "Waiting"), ("given_up", "Given up")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OutboundEmail]) -> QuerySet[OutboundEmail]:
        match self.value():
            case "sent":
                return queryset.exclude(sent_at=None)
            case "waiting":
                return queryset.filter(waiting_emails())
            case "given_up":
                return queryset.filter(emails_given_up())
        return queryset


@admin.register(OutboundEmail)
class OutboundEmailAdmin(ReadOnlyAdmin):
    list_display = ("key", "user", "created_at", "sent_at", "attempts", "last_error")
    list_filter = (EmailStateFilter,)
    list_select_related = ("user",)
    search_fields = ("key__startswith", "user__email__startswith")
    search_help_text = "How the key (order-confirmation:42) or the recipient's e-mail begins"
    ordering = ("-pk",)
    actions = ("send_again",)

    @admin.action(description="Send again", permissions=["act_on"])
    def send_again(self, request: HttpRequest, emails: QuerySet[OutboundEmail]) -> None:
        def resend(email: OutboundEmail) -> None:
            send_again(email=email)

        self.act(request, emails, "send_again", resend, done="on its way again")
