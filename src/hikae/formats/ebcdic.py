"""EBCDIC of the Japanese katakana code page (IBM 290), as some hosts write their files."""

_ROWS = {
    0x40: " ｡｢｣､･ｦｧｨｩ?.<(+|",
    0x50: "&ｪｫｬｭｮｯ?ｰ?!\\*);?",
    0x60: "-/?????????,%_>?",
    0x70: "?????????`:#@'=\"",
    0x80: "?ｱｲｳｴｵｶｷｸｹｺ?ｻｼｽｾ",
    0x90: "ｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉ??ﾊﾋﾌ",
    0xA0: "?~ﾍﾎﾏﾐﾑﾒﾓﾔﾕ?ﾖﾗﾘﾙ",
    0xB0: "??????????ﾚﾛﾜﾝﾞﾟ",
    0xC0: "?ABCDEFGHI??????",
    0xD0: "?JKLMNOPQR??????",
    0xE0: "$?STUVWXYZ??????",
    0xF0: "0123456789??????",
}
"""High half of a byte → characters of its sixteen codes, ? where the page has none of ours."""

_CONTROLS = {0x0D: b"\r", 0x15: b"\n", 0x25: b"\n", 0x3F: b"\x1a"}


def _table() -> bytes:
    table = bytearray(b"?" * 256)
    for first, characters in _ROWS.items():
        table[first : first + 16] = characters.encode("cp932")
    for code, control in _CONTROLS.items():
        table[code : code + 1] = control
    return bytes(table)


TO_JIS = _table()
"""Translates EBCDIC into JIS X 0201, byte by byte (`bytes.translate`)."""
