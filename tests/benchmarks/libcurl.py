"""The floor: the recorded dialog sent by libcurl alone, nothing parsed and nothing kept.

One handle, opened and closed with each run, with the same PKCS#12 file, the same bank's authority
and the same headers as the agent's. Bodies go out as recorded, except that the bank's one-time
token is looked for in the page before, by a plain search in its bytes.
"""

from collections.abc import Sequence
from io import BytesIO
from time import perf_counter

import pycurl

from demo.household import Bank, Customer
from tests.benchmarks.dialog import Step

_MARK = b'name="_token" value="'


def replay(steps: Sequence[Step], bank: Bank, customer: Customer) -> float:
    """Send the dialog; the seconds from opening the handle to the last byte."""
    began = perf_counter()
    handle = pycurl.Curl()
    handle.setopt(pycurl.CAINFO, str(bank.catalogue / "ca.pem"))
    handle.setopt(pycurl.SSLCERTTYPE, "P12")
    handle.setopt(pycurl.SSLCERT, str(customer.p12))
    handle.setopt(pycurl.KEYPASSWD, customer.p12_password)
    handle.setopt(pycurl.COOKIEFILE, "")
    token = b""
    for step in steps:
        answer = _send(handle, step, token)
        place = answer.find(_MARK) + len(_MARK)
        if place >= len(_MARK):
            token = answer[place : answer.index(b'"', place)]
    took = perf_counter() - began
    handle.close()
    return took


def _send(handle: pycurl.Curl, step: Step, token: bytes) -> bytes:
    request, answer = step.request, BytesIO()
    headers = [f"{name}: {value}" for name, value in request.headers.items()]
    handle.setopt(pycurl.URL, request.url)
    handle.setopt(pycurl.HTTPHEADER, ["Expect:", *headers])
    if request.body is None:
        handle.setopt(pycurl.HTTPGET, 1)
    else:
        body = request.body.replace(step.token, token) if step.token else request.body
        handle.setopt(pycurl.POST, 1)
        handle.setopt(pycurl.POSTFIELDS, body)
    handle.setopt(pycurl.WRITEDATA, answer)
    handle.perform()
    return answer.getvalue()
