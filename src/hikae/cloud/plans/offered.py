"""The products and plans that an operator offers, read from a TOML file.

`plans.toml` beside this module is one to start from.
"""

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from hikae.model.language import Language

EXAMPLE = Path(__file__).parent / "plans.toml"


class PlansError(ValueError):
    """A file of plans that says something it may not; it names the file."""


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A plan. order: where it is ordered, https; empty: from the operator in person."""

    code: str
    name: str
    english: str
    certificate_linking: bool
    order: str = ""

    def named(self, language: Language) -> str:
        """Its name in a language."""
        return self.name if language is Language.JAPANESE else self.english


class Product(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A product and its plans, the smallest first."""

    name: str
    english: str
    plans: tuple[Plan, ...]

    def named(self, language: Language) -> str:
        """Its name in a language."""
        return self.name if language is Language.JAPANESE else self.english


class Plans(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is offered; default: the plan of whoever has chosen none."""

    default: str
    products: tuple[Product, ...]

    def all(self) -> list[Plan]:
        """Every plan of every product."""
        return [plan for product in self.products for plan in product.plans]

    def find(self, code: str) -> Plan | None:
        """The plan with this code."""
        return next((plan for plan in self.all() if plan.code == code), None)

    def held(self, code: str) -> Plan:
        """The plan with this code; the default one where it is no longer offered."""
        found = self.find(code) or self.find(self.default)
        if found is None:
            raise LookupError(f"no plan {self.default}")
        return found

    def with_linking(self) -> list[Plan]:
        """The plans that include fetching with client certificates."""
        return [plan for plan in self.all() if plan.certificate_linking]


def read_plans(file: Path) -> Plans:
    """Read a file of plans; raises PlansError, or OSError where it cannot be read."""
    try:
        plans = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Plans)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise PlansError(f"{file}: {error}") from error
    codes = [plan.code for plan in plans.all()]
    if len(codes) != len(set(codes)):
        raise PlansError(f"{file}: two plans have the same code")
    if plans.default not in codes:
        raise PlansError(f"{file}: default: no plan {plans.default}")
    for plan in plans.all():
        if plan.order and urlsplit(plan.order).scheme != "https":
            raise PlansError(f"{file}: {plan.code}: order: an https address expected")
    return plans
