"""Which of two banks' wordings mean the same row: the likeliest pairs by their texts.

Page, CSV and 全銀 write one row in full or half width, with other spaces, cut short or with a
prefix. Texts never decide how many rows there are, only which is which.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar
from unicodedata import normalize

from hikae.model.statement import Transaction

SIMILAR = 0.5
"""From this likeness on two rows tell of the same thing."""

_MOST_COMPARED = 2_500
"""Pairs that are compared one by one; larger crowds are paired in the bank's order, because
comparing each with each would take a quadratic time."""

_SMALL_KANA = str.maketrans("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ", "ー")

Before = TypeVar("Before")
After = TypeVar("After")

Pairs = list[tuple[int, int]]
"""Indices into what was before and what comes after."""


def likeness(one: Transaction, other: Transaction) -> float:
    """How alike two rows are written, from 0 to 1 (bigrams in common, after Dice)."""
    return _alike(_letters(one), _letters(other))


def likeliest(before: Sequence[Transaction], after: Sequence[Transaction]) -> Pairs:
    """Pair rows of one amount and day until one side is used up.

    Rows that are the same in every field go first, then those with the same letters, then the
    most similar, at last in order.
    """
    if len(before) == len(after) == 1:
        return [(0, 0)]
    pairs: Pairs = []
    left, right = list(range(len(before))), list(range(len(after)))
    for key in (_whole, _letters):
        found = _equal([key(before[i]) for i in left], [key(after[j]) for j in right])
        pairs += [(left[i], right[j]) for i, j in found]
        left, right = _without(left, (i for i, _ in found)), _without(right, (j for _, j in found))
    found = cheapest(
        [_letters(before[i]) for i in left],
        [_letters(after[j]) for j in right],
        lambda one, other: (-_alike(one, other),),
    )
    return pairs + [(left[i], right[j]) for i, j in found]


def cheapest(
    before: Sequence[Before],
    after: Sequence[After],
    cost: Callable[[Before, After], tuple[float, ...] | None],
) -> Pairs:
    """Pair each with one other at most, cheapest first; a cost of None forbids a pair."""
    if len(before) * len(after) > _MOST_COMPARED:
        crowd = enumerate(zip(before, after, strict=False))
        return [(i, i) for i, (one, other) in crowd if cost(one, other) is not None]
    costs = (
        (price, i, j)
        for i, one in enumerate(before)
        for j, other in enumerate(after)
        if (price := cost(one, other)) is not None
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(costs):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return sorted(pairs.items())


def _whole(row: Transaction) -> Hashable:
    return row


def _letters(row: Transaction) -> str:
    """Letters and digits of what a person reads, folded to one way of writing them."""
    said = normalize("NFKC", f"{row.description or ''}{row.counterparty or ''}").upper()
    return "".join(filter(str.isalnum, said.translate(_SMALL_KANA)))


def _equal(before: Sequence[Hashable], after: Sequence[Hashable]) -> Pairs:
    waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for j, key in enumerate(after):
        waiting[key].append(j)
    return [(i, waiting[key].popleft()) for i, key in enumerate(before) if waiting[key]]


def _without(indices: list[int], positions: Iterable[int]) -> list[int]:
    gone = set(positions)
    return [index for position, index in enumerate(indices) if position not in gone]


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    ones, others = _bigrams(one), _bigrams(other)
    return 2 * len(ones & others) / (len(ones) + len(others)) if ones and others else 0.0


def _bigrams(text: str) -> set[str]:
    return {text[start : start + 2] for start in range(max(len(text) - 1, 1))} if text else set()
