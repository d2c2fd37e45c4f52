"""期末残高一覧: what every account held at the end of a day, as a page and as PDF."""
