"""`hikae cloud`: pages, requests of agents and the link in one process.

It prints one line of JSON when it is ready. SQLite in the data folder serves unless
HIKAE_DATABASE_URL names a PostgreSQL.
"""

import argparse
import getpass
import json
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from uuid import UUID

import django
import uvicorn
from django.db import DatabaseError

from hikae.catalogue.catalogue import CatalogueError
from hikae.cloud.plans.offered import EXAMPLE, PlansError
from hikae.cloud.project.configuration import ConfigurationError
from hikae.cloud.project.roles import RoleError
from hikae.cloud.project.websocket import LeanWebSocket
from hikae.model.clock import system_clock

FIRST_PERSON = "owner@localhost"
FIRST_ORGANISATION = "このパソコンの帳簿"

_FILES = 65_536
"""Files and connections that are open at most, where the system allows it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `hikae cloud`; those of all actions may stand before or after."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    serve = actions.add_parser("serve", help="serve (what happens without an action)")
    owner = actions.add_parser(
        "create-owner", help="make a person and their organisation; password from standard input"
    )
    owner.add_argument("--email", required=True)
    owner.add_argument("--organisation", required=True)
    plan = actions.add_parser("give-plan", help="give an organisation one of the plans")
    plan.add_argument("--organisation", required=True, type=UUID)
    plan.add_argument("--plan", required=True, help="its code in the file that HIKAE_PLANS names")
    actions.add_parser("plans", help="print a file of plans to start from")
    for each in (parser, serve, owner, plan):
        _add_place(each)
    for each in (parser, serve):
        _add_serving(each)
    parser.set_defaults(
        data=None, catalogue=None, origin=None, host="127.0.0.1", port=8000, sign_in_link=False
    )


def run(args: argparse.Namespace) -> int:
    """Do it; 2 where what was asked for cannot be done."""
    try:
        if args.action == "create-owner":
            return _create_owner(args)
        if args.action == "give-plan":
            return _give_plan(args)
        if args.action == "plans":
            print(EXAMPLE.read_text(encoding="utf-8"), end="")
            return 0
        return _serve(args)
    except (
        ConfigurationError,
        CatalogueError,
        PlansError,
        RoleError,
        DatabaseError,
        OSError,
    ) as error:
        print(f"hikae cloud: {error}", file=sys.stderr)
        return 2


def _add_place(parser: argparse.ArgumentParser) -> None:
    # A default of an action would take the place of what was said before it.
    add = partial(parser.add_argument, default=argparse.SUPPRESS)
    add("--data", type=Path, help="folder of database and keys")
    add("--catalogue", type=Path, help="folder of more institutions (試験用)")
    add("--origin", help="address by which browsers and agents reach the cloud")


def _add_serving(parser: argparse.ArgumentParser) -> None:
    add = partial(parser.add_argument, default=argparse.SUPPRESS)
    add("--host", help="address to listen on (127.0.0.1)")
    add("--port", type=int, help="port to listen on (8000); 0: any")
    add(
        "--sign-in-link",
        action="store_true",
        help="print a one-use link that signs the first person in",
    )


def _serve(args: argparse.Namespace) -> int:
    _allow_many_files()
    listening = socket.create_server((args.host, args.port))
    port = listening.getsockname()[1]
    _prepare(args, f"http://127.0.0.1:{port}")
    from hikae.cloud.project.asgi import application

    ready = {"ready": True, "origin": os.environ["HIKAE_ORIGIN"], "port": port}
    if args.sign_in_link:
        ready["sign_in"] = f"http://127.0.0.1:{port}{_sign_in_path()}"
    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        ws=LeanWebSocket,
        ws_ping_interval=30,
        ws_ping_timeout=20,
        ws_max_size=65_536,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=10,
        server_header=False,
        proxy_headers=False,
    )
    # uvicorn stops gracefully on these and then raises them again: that was the whole purpose.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    _Server(config, ready).run(sockets=[listening])
    return 0


def _allow_many_files() -> None:
    """Each link is an open file; systems begin with a thousand and allow more to who asks."""
    if sys.platform == "win32":
        return
    import resource

    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if most == resource.RLIM_INFINITY else min(most, _FILES)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: dict[str, str | int | bool]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the line."""
        await super().startup(sockets)
        if self.started:
            print(json.dumps(self._ready), flush=True)


def _create_owner(args: argparse.Namespace) -> int:
    _prepare(args, "http://127.0.0.1:8000")
    from django.core.exceptions import ValidationError

    from hikae.cloud.people.organisations import create_owner

    interactive = sys.stdin.isatty()
    password = getpass.getpass() if interactive else sys.stdin.readline().rstrip("\r\n")
    try:
        membership = create_owner(args.email, args.organisation, password)
    except ValidationError as error:
        print(f"hikae cloud: {' '.join(error.messages)}", file=sys.stderr)
        return 2
    print(json.dumps({"organisation": str(membership.organisation_id)}))
    return 0


def _give_plan(args: argparse.Namespace) -> int:
    _prepare(args, "http://127.0.0.1:8000")
    from hikae.cloud.people.models import Organisation
    from hikae.cloud.people.tenancy import tenant
    from hikae.cloud.plans.holding import give

    organisation: UUID = args.organisation
    if not Organisation.objects.filter(pk=organisation).exists():
        print(f"hikae cloud: no organisation {organisation}", file=sys.stderr)
        return 2
    try:
        with tenant(organisation):
            plan = give(args.plan, "operator", system_clock())
    except LookupError as error:
        print(f"hikae cloud: {error}", file=sys.stderr)
        return 2
    print(json.dumps({"organisation": str(organisation), "plan": plan.code}))
    return 0


def _prepare(args: argparse.Namespace, origin: str) -> None:
    """Turn arguments into the environment that the settings read, and migrate."""
    data = args.data or os.environ.get("HIKAE_DATA") or _default_data()
    os.environ["HIKAE_DATA"] = str(Path(data).absolute())
    os.environ["HIKAE_ORIGIN"] = args.origin or os.environ.get("HIKAE_ORIGIN") or origin
    if args.catalogue:
        os.environ["HIKAE_CATALOGUE"] = str(args.catalogue.absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hikae.cloud.project.settings")
    django.setup()
    from hikae.cloud.project import roles

    roles.migrate()
    roles.require_wall()


def _sign_in_path() -> str:
    from django.urls import reverse

    from hikae.cloud.people.models import User
    from hikae.cloud.people.organisations import create_owner
    from hikae.cloud.people.sign_in_link import make_link

    first = User.objects.order_by("joined_at").first()
    user = first or create_owner(FIRST_PERSON, FIRST_ORGANISATION).user
    return reverse("sign_in_link", args=[make_link(user, system_clock())])


def _default_data() -> Path:
    if sys.platform == "win32":
        return Path(os.environ["LOCALAPPDATA"]) / "Hikae" / "cloud"
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "hikae" / "cloud"
