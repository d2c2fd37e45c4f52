"""How many digits of a currency's amounts stand behind the decimal point.

Source: ISO 4217, list one, column "minor unit".
"""

_USUAL = 2
_OTHERS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_EXPONENTS = {code: digits for digits, codes in _OTHERS.items() for code in codes.split()}

EXPONENTS = frozenset({_USUAL, *_OTHERS})
"""All that there are."""


def exponent(currency: str) -> int:
    """Digits behind the point of a currency, named by its ISO 4217 code."""
    return _EXPONENTS.get(currency, _USUAL)


def decimal_text(minor: int, currency: str) -> str:
    """An amount of minor units as a plain number: 110000 yen, -12.34 dollars, no separators."""
    digits = exponent(currency)
    sign, figures = "-" if minor < 0 else "", str(abs(minor)).zfill(digits + 1)
    return f"{sign}{figures[:-digits]}.{figures[-digits:]}" if digits else f"{sign}{figures}"
