"""明細: accounts, days and transactions, and how a delivered statement joins them."""
