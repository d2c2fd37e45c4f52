"""Every address of the cloud, and what its pages offer to open and to send: found, not listed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import UUIDConverter
from django.utils.regex_helper import normalize
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.neighbours import tenant_models
from tests.office import Office

AGENTS = "/agent/v1/"


@dataclass(frozen=True, slots=True)
class Address:
    """template: with `%(name)s` for each of the names. ids: which of these can only be an id."""

    template: str
    names: tuple[str, ...] = ()
    ids: frozenset[str] = frozenset()

    def filled(self, values: Mapping[str, object]) -> str:
        """The path with these values."""
        return self.template % values


@dataclass(frozen=True, slots=True)
class Offer:
    """What a page lets a person send: where, how, and with what."""

    method: str
    path: str
    fields: tuple[tuple[str, str], ...]

    def sent(self, client: Client, **changed: str) -> HttpResponseBase:
        """Send it, with some fields changed."""
        values = dict(self.fields) | changed
        send = client.post if self.method == "post" else client.get
        return send(self.path, values)


def addresses() -> list[Address]:
    """Every address for people, with or without something in it."""
    found = _below(get_resolver(), Address("/"))
    return [each for each in found if not each.template.startswith(AGENTS)]


def _below(resolver: URLResolver, before: Address) -> Iterator[Address]:
    for each in resolver.url_patterns:
        template, names = normalize(each.pattern.regex.pattern)[0]
        ids = {n for n, to in each.pattern.converters.items() if isinstance(to, UUIDConverter)}
        here = Address(before.template + template, (*before.names, *names), before.ids | ids)
        if isinstance(each, URLPattern):
            yield here
        else:
            yield from _below(each, here)


def starts(office: Office) -> list[str]:
    """Every address, with something of an office where one takes an id."""
    found = []
    for address in addresses():
        values = {name: next(iter(meant(name, office)), None) for name in address.names}
        if None not in values.values():
            found.append(address.filled(values))
    return found


def meant(name: str, office: Office) -> list[object]:
    """What of an office a place of this name could mean."""
    if name == "code":
        return [each.institution for each in office.connections]
    kind = name.removesuffix("_id").replace("_", "")
    if kind == "device":
        return [office.pc.id]
    with office.at_work():
        models = [each for each in tenant_models() if each.__name__.lower().endswith(kind)]
        found = [getattr(row, "id", None) for model in models for row in model.objects.all()]
    return [each for each in found if each]


def said(answer: HttpResponseBase) -> str:
    """All of an answer, with where it leads; it is put away."""
    parts: Iterable[bytes] = getattr(answer, "streaming_content", None) or [
        getattr(answer, "content", b"")
    ]
    whole = b"".join(parts).decode("utf-8", "replace")
    answer.close()
    return f"{answer.get('Location', '')}\n{answer.get('Content-Disposition', '')}\n{whole}"


def crawled(client: Client, start: Iterable[str], most: int) -> dict[str, str]:
    """The pages that can be opened from some, by path and query; downloads are not pages."""
    waiting, pages = list(start), dict[str, str]()
    while waiting and len(pages) < most:
        path = waiting.pop(0)
        if path in pages:
            continue
        answer = client.get(path, follow=True)
        text = said(answer)
        if answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html"):
            pages[path] = text
            waiting += [link for link in links(text, path) if link not in pages]
    return pages


def links(page: str, at: str) -> list[str]:
    """Where the links of a page lead within the cloud."""
    found = (node.attributes.get("href") or "" for node in LexborHTMLParser(page).css("a[href]"))
    return [_within(at, each) for each in found if each.startswith(("/", "?"))]


def offers(page: str, at: str) -> list[Offer]:
    """The forms of a page, each choice of each list as one of its own."""
    return [offer for form in LexborHTMLParser(page).css("form") for offer in _offers(form, at)]


def _offers(form: LexborNode, at: str) -> Iterator[Offer]:
    fields = {
        node.attributes["name"] or "": node.attributes.get("value") or ""
        for node in form.css("input[name], textarea[name], button[name]")
    }
    for choice in form.css("select[name]"):
        options = choice.css("option")
        values = [option.attributes.get("value") or "" for option in options]
        fields[choice.attributes["name"] or ""] = next(filter(None, values), "")
    method = (form.attributes.get("method") or "get").lower()
    action = form.attributes.get("action") or at
    yield Offer(method, _within(at, action), tuple(fields.items()))


def query_of(path: str) -> Offer:
    """An address with a query as something that can be sent again, changed."""
    parts = urlsplit(path)
    return Offer("get", parts.path, tuple(parse_qsl(parts.query)))


def _within(at: str, link: str) -> str:
    return link if link.startswith("/") else urlsplit(at).path + link
