"""ファイル取込: a bank's file that a person brings, read, looked at, and taken like a delivery."""
