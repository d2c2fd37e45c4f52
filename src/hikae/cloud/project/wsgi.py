"""Pages and requests of agents without the link, for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hikae.cloud.project.settings")
application = get_wsgi_application()
