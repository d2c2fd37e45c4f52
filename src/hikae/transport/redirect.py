"""What a redirect asks for next, by the rules of browsers (WHATWG Fetch, HTTP-redirect fetch)."""

from dataclasses import replace

from hikae.transport.address import parse, resolve
from hikae.transport.exchange import Request, Response

REDIRECTS = frozenset({301, 302, 303, 307, 308})
OF_A_BODY = frozenset({"content-encoding", "content-language", "content-location", "content-type"})
FOR_ANYONE = frozenset({"accept", "accept-language", "content-type", "user-agent"})


def is_redirect(status: int, location: str | None) -> bool:
    """Whether an answer sends the caller elsewhere."""
    return status in REDIRECTS and location is not None


def follow(request: Request, response: Response) -> Request:
    """Return the request that a redirecting `response` asks for; raises UnusableAddressError.

    Another origin is told no more than what any visitor would say.
    """
    here = parse(response.url)
    there = resolve(here, response.headers["location"])
    method, body, headers = request.method, request.body, dict(request.headers)
    if turns_into_get(method, response.status):
        method, body = "GET", None
        headers = {name: value for name, value in headers.items() if name.lower() not in OF_A_BODY}
    if there.origin != here.origin:
        headers = {name: value for name, value in headers.items() if name.lower() in FOR_ANYONE}
    return replace(request, method=method, url=there.url, headers=headers, body=body)


def turns_into_get(method: str, status: int) -> bool:
    """Whether the next request is a GET without a body."""
    if status == 303:
        return method not in ("GET", "HEAD")
    return status in (301, 302) and method == "POST"
