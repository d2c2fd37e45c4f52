"""Django's settings, made from the configuration that the environment gives."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from hikae.cloud.project.configuration import Configuration

CONFIGURATION = Configuration.read(os.environ)

HIKAE_ORIGIN = CONFIGURATION.origin
HIKAE_CATALOGUE = CONFIGURATION.catalogue
HIKAE_KEYS = CONFIGURATION.keys
HIKAE_PLANS = CONFIGURATION.plans
HIKAE_ENDINGS = CONFIGURATION.endings
HIKAE_METRICS_TOKEN = CONFIGURATION.metrics_token

CLOUD = Path(__file__).parent.parent

SECRET_KEY = CONFIGURATION.secret_key()
DEBUG = False
ALLOWED_HOSTS = [CONFIGURATION.host, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [CONFIGURATION.origin]
ROOT_URLCONF = "hikae.cloud.project.urls"
WSGI_APPLICATION = "hikae.cloud.project.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "hikae.cloud.people",
    "hikae.cloud.institutions",
    "hikae.cloud.devices",
    "hikae.cloud.plans",
    "hikae.cloud.connections",
    "hikae.cloud.statements",
    "hikae.cloud.pages",
    "hikae.cloud.watching",
]

MIDDLEWARE = [
    "hikae.cloud.watching.requests.RequestsMiddleware",
    "hikae.cloud.watching.requests.ProbesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "hikae.cloud.agent_api.straight.StraightMiddleware",
    "hikae.cloud.pages.timing.TimingMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hikae.cloud.people.middleware.LanguageMiddleware",
    "hikae.cloud.people.middleware.OrganisationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CLOUD / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hikae.cloud.pages.context.shell",
            ],
        },
    }
]

DATABASES = CONFIGURATION.databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "hikae.cloud.people.sign_up.ClosedSignUp"
ACCOUNT_FORMS = {
    "login": "hikae.cloud.people.forms.SignInForm",
    "reauthenticate": "hikae.cloud.people.forms.PasswordAgainForm",
}
ACCOUNT_SESSION_REMEMBER = None
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [CLOUD / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [CLOUD / "static"]
WHITENOISE_USE_FINDERS = True

SESSION_COOKIE_SECURE = CONFIGURATION.secure
CSRF_COOKIE_SECURE = CONFIGURATION.secure
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIGURATION.secure else None
SECURE_HSTS_SECONDS = 31_536_000 if CONFIGURATION.secure else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
FILE_UPLOAD_HANDLERS = ["hikae.cloud.statements.imports.uploads.LimitedUpload"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_097_152
"""Bytes of a request's body: a part of a statement is well below."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"chosen": {"()": "hikae.logs.formatter", "form": CONFIGURATION.log}},
    "filters": {"patterns": {"()": "hikae.cloud.watching.requests.PatternsOnly"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "chosen",
            "filters": ["patterns"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "hikae": {"level": "INFO"},
        # Refusals have a line already, by the pattern of their address.
        "django.request": {"level": "ERROR"},
    },
}
