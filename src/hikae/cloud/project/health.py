"""Whether the process lives, and whether it can work: for whoever watches over it."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET


@require_GET
def live(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """The process answers."""
    return JsonResponse({"live": True})


@require_GET
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """The database answers and has its tables; 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM people_organisation")
            cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"ready": False}, status=503)
    return JsonResponse({"ready": True})
