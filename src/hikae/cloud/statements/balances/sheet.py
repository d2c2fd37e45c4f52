"""期末残高一覧 as a PDF that can be filed: A4, its font inside where the system has one.

The same accounts give the same bytes.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from hikae.cloud.pages import wording
from hikae.cloud.pages.labels import ACCOUNT_KINDS
from hikae.cloud.statements.balances.held import Held, Total, totals
from hikae.cloud.statements.balances.words import sureness
from hikae.model.language import Language
from hikae.model.time_words import moment_words

_FONTS = (
    (Path("/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Regular.ttf"), 0),
    (Path("C:/Windows/Fonts/BIZ-UDGothicR.ttc"), 1),
)
"""Where Debian and Windows keep the font of the pages, and which of its file it is."""

_READERS_OWN = "HeiseiKakuGo-W5"
"""A font that every reader of PDF in Japanese has, for systems without one to put inside."""

_MISSING = "〓"
"""What printers set for a character that they do not have."""

_MARGIN = 18 * mm
_COLUMNS = (62 * mm, 40 * mm, 36 * mm, 36 * mm)
_INK, _QUIET, _LINE = (colors.HexColor(each) for each in ("#1f2430", "#5b6270", "#c9c4b8"))


def sheet(
    organisation: str, day: date, held: Sequence[Held], now: datetime, language: Language
) -> bytes:
    """The list of an organisation, in a language."""
    title = _("期末残高一覧")
    writer = _Writer(language)
    story: list[Flowable] = [
        writer.line(organisation),
        writer.line(f"{title} {wording.day(day, language)}", size=15),
        writer.line(_("作成 %(moment)s") % {"moment": moment_words(now, language)}, quiet=True),
        Spacer(0, 6 * mm),
        writer.table(held),
        Spacer(0, 4 * mm),
        *map(writer.total, totals(held)),
    ]
    made = BytesIO()
    document = SimpleDocTemplate(
        made,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=f"{title} {day:%Y-%m-%d}",
        author=organisation,
        lang=language.value,
        invariant=1,
    )
    document.build(story, onFirstPage=_number, onLaterPages=_number)
    return made.getvalue()


class _Writer:
    """Sets lines and tables in a language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def line(
        self, text: str, *, size: float = 9, quiet: bool = False, right: bool = False
    ) -> Paragraph:
        """A text that wraps anywhere, as Japanese does."""
        style = ParagraphStyle(
            "line",
            fontName=_font(),
            fontSize=size,
            leading=size * 1.5,
            textColor=_QUIET if quiet else _INK,
            wordWrap="CJK",
            alignment=TA_RIGHT if right else 0,
        )
        return Paragraph(escape(_printable(text)), style)

    def table(self, held: Sequence[Held]) -> LongTable:
        """A row for each account under headings that every page repeats."""
        headings = (_("金融機関"), _("口座"), _("残高"), _("確かめ"))
        rows = [[self.line(text, size=8, quiet=True) for text in headings]]
        rows += [self._row(each) for each in held]
        rules = TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                *((f"{side}PADDING", (0, 0), (-1, -1), 4) for side in ("LEFT", "RIGHT")),
            ]
        )
        return LongTable(rows, colWidths=_COLUMNS, repeatRows=1, style=rules)

    def _row(self, held: Held) -> list[Paragraph]:
        account = held.account
        branch = account.branch_name or account.branch_code
        number = f"{ACCOUNT_KINDS[account.kind]} {account.number}"
        amount = _("不明") if held.amount is None else self._amount(held.amount, account.currency)
        return [
            self.line(f"{account.title} {branch}"),
            self.line(f"{number} {account.holder}"),
            self.line(amount, right=True),
            self.line(sureness(held, self._language), size=8, quiet=True),
        ]

    def total(self, total: Total) -> Paragraph:
        """What the accounts of a currency held together."""
        amount = self._amount(total.amount, total.currency)
        words = _("合計 %(amount)s") if total.whole else _("残高を確かめた口座の合計 %(amount)s")
        return self.line(words % {"amount": amount}, size=10, right=True)

    def _amount(self, minor_units: int, currency: str) -> str:
        return wording.amount(minor_units, currency, self._language)


def _number(canvas: Canvas, _document: object) -> None:
    canvas.setFont(_font(), 8)
    canvas.drawCentredString(A4[0] / 2, _MARGIN / 2, str(canvas.getPageNumber()))


@cache
def _font() -> str:
    """The name of the font, known to the writer of PDF."""
    for file, number in _FONTS:
        if file.exists():
            pdfmetrics.registerFont(TTFont("Hikae", str(file), subfontIndex=number))
            return "Hikae"
    pdfmetrics.registerFont(UnicodeCIDFont(_READERS_OWN))
    return _READERS_OWN


def _printable(text: str) -> str:
    """The text with 〓 for what the font has not; no character goes silently."""
    font = pdfmetrics.getFont(_font())
    known = font.face.charToGlyph if isinstance(font, TTFont) else range(0x20, 0x10000)
    return "".join(each if ord(each) in known else _MISSING for each in text)
