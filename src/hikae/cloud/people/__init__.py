"""People, the organisations they belong to, the wall between organisations, the audit log."""
