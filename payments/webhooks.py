from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments.gateway import BadSignature
from payments.services import receive_event


@csrf_exempt
@require_POST
def razorpay(request: HttpRequest) -> JsonResponse:
    """Razorpay waits five seconds and repeats for a day: keep the event, answer, work later."""
    try:
        receive_event(
            body=request.body,
            signature=request.headers.get("X-Razorpay-Signature", ""),
            event_id=request.headers.get("X-Razorpay-Event-Id", ""),
        )
    except BadSignature as error:
        return JsonResponse({"status": "refused", "detail": str(error)}, status=error.status)
    return JsonResponse({"status": "ok"})
