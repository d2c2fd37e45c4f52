"""Every address of the cloud, given the ids of another organisation; none is listed by hand."""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from django.test import Client

from tests.addresses import Address, Offer, addresses, crawled, meant, offers, query_of, said
from tests.neighbours import (
    Neighbours,
    everything,
    ids_of,
    one_id_of_each_kind,
    tenant_models,
    told,
    words_of,
)

ID = re.compile("[0-9a-f-]{36}")
PAGES = 80
"""At most so many are opened to see what can be sent from them."""


@pytest.fixture(scope="module")
def database() -> str:
    """Where nothing but the managers stands between two organisations."""
    return "sqlite"


@pytest.fixture
def member(neighbours: Neighbours) -> Client:
    """An owner of ours, who is never asked for a password again."""
    owner = neighbours.ours.owner
    owner.set_unusable_password()
    owner.save(update_fields=["password"])
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def secrets(neighbours: Neighbours) -> set[str]:
    """What only the others may be shown: their ids, and what nobody else says."""
    ours = neighbours.ours
    known = {str(each) for each in ids_of(ours) | words_of(ours)}
    theirs = neighbours.theirs
    return {str(each) for each in ids_of(theirs) | words_of(theirs)} - known


def test_no_address_finds_what_belongs_to_another_organisation(
    neighbours: Neighbours, member: Client, secrets: set[str]
) -> None:
    before, tried = everything(neighbours.theirs), 0
    for address in addresses():
        for path in foreign(address, neighbours):
            statuses = []
            for answer in (member.get(path), member.post(path)):
                statuses.append(answer.status_code)
                assert told(said(answer), (each for each in secrets if each not in path)) == set()
            if address.ids:
                assert 404 in statuses, (path, statuses)
                assert set(statuses) <= {404, 405}, (path, statuses)
            assert max(statuses) < 500, (path, statuses)
            tried += 1
    assert tried > len(tenant_models())
    assert everything(neighbours.theirs) == before


def test_nothing_that_a_page_lets_one_send_finds_what_belongs_to_another_organisation(
    neighbours: Neighbours, member: Client, secrets: set[str]
) -> None:
    before, own = everything(neighbours.theirs), {str(each) for each in ids_of(neighbours.ours)}
    foreign_ids, tried = one_id_of_each_kind(neighbours.theirs), 0
    for offer in sorted(offered(member), key=str):
        for name, value in offer.fields:
            if value not in own:
                continue
            for theirs in foreign_ids:
                answer = offer.sent(member, **{name: str(theirs)})
                assert answer.status_code < 500, (offer, name)
                hidden = secrets - {str(theirs)}
                assert told(said(answer), hidden) == set(), (offer, name)
                tried += 1
    assert tried
    assert everything(neighbours.theirs) == before


def offered(member: Client) -> set[Offer]:
    """All that pages let one send, each kind once."""
    start = [each.template for each in addresses() if not each.names]
    pages = crawled(member, start, PAGES)
    found = [each for path, page in pages.items() for each in offers(page, path)]
    found += [query_of(path) for path in pages]
    kinds = {
        (each.method, ID.sub("", each.path), tuple(name for name, _ in each.fields)): each
        for each in found
    }
    return set(kinds.values())


def foreign(address: Address, neighbours: Neighbours) -> Iterator[str]:
    """The address with each id of theirs in each place, the other places being ours or theirs."""
    for place in address.names:
        rest = [name for name in address.names if name != place]
        ours = [meant(name, neighbours.ours) for name in rest]
        for theirs in one_id_of_each_kind(neighbours.theirs):
            yield address.filled(dict.fromkeys(address.names, theirs))
            if rest:
                for own in product(*ours):
                    values = {place: theirs, **dict(zip(rest, own, strict=True))}
                    yield address.filled(values)
