"""データ連携: registrations with banks, their sealed logins, fetches and challenges."""
