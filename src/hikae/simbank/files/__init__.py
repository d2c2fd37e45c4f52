"""The files a customer can download. Know the ledger's types, nothing of pages."""
