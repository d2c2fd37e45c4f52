"""What an organisation may use, where the cloud is offered as a service in plans."""
