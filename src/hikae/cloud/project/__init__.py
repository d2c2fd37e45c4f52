"""How the cloud is put together: settings, addresses, processes, the command."""
