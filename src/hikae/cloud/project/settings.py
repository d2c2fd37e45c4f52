"""Django's settings, made from the configuration that the environment gives."""

import os
from datetime import timedelta
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

HIKAE_MAILS = CONFIGURATION.mail is not None
HIKAE_SIGN_UP = CONFIGURATION.sign_up

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
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
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
    "axes.middleware.AxesMiddleware",
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
AUTHENTICATION_BACKENDS = [
    "hikae.cloud.people.throttle.LockedPairs",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if HIKAE_SIGN_UP else "none"
ACCOUNT_EMAIL_NOTIFICATIONS = HIKAE_MAILS
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_ADAPTER = "hikae.cloud.people.accounts.Accounts"
ACCOUNT_FORMS = {
    "login": "hikae.cloud.people.account_forms.SignInForm",
    "signup": "hikae.cloud.people.account_forms.SignUpForm",
    "reauthenticate": "hikae.cloud.people.account_forms.PasswordAgainForm",
    "reset_password": "hikae.cloud.people.account_forms.ForgottenForm",
    "reset_password_from_key": "hikae.cloud.people.account_forms.NewPasswordForm",
    "change_password": "hikae.cloud.people.account_forms.ChangePasswordForm",
    "set_password": "hikae.cloud.people.account_forms.FirstPasswordForm",
}
ACCOUNT_SESSION_REMEMBER = None
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ALLAUTH_TRUSTED_PROXY_COUNT = CONFIGURATION.proxies

MFA_ADAPTER = "hikae.cloud.people.second_step.SecondStep"
MFA_FORMS = {
    "authenticate": "hikae.cloud.people.account_forms.CodeForm",
    "reauthenticate": "hikae.cloud.people.account_forms.CodeAgainForm",
    "activate_totp": "hikae.cloud.people.account_forms.FirstCodeForm",
    "add_webauthn": "hikae.cloud.people.account_forms.PasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = not HIKAE_SIGN_UP
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Hikae"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not CONFIGURATION.secure

# Whoever fails often is kept out from where they are, as whom they said to be: never others who
# come from there, and never the person from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "hikae.cloud.people.throttle.address_of"
AXES_USERNAME_CALLABLE = "hikae.cloud.people.throttle.name_of"
AXES_LOCKOUT_CALLABLE = "hikae.cloud.people.throttle.locked"
AXES_SENSITIVE_PARAMETERS = ["login", "username", "ip_address", "code"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Limits of tries and codes that were used once are known to all processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

if CONFIGURATION.mail is not None:
    EMAIL_HOST, EMAIL_PORT = CONFIGURATION.mail.host, CONFIGURATION.mail.port
    EMAIL_HOST_USER = CONFIGURATION.mail.user
    EMAIL_HOST_PASSWORD = CONFIGURATION.mail.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = CONFIGURATION.mail.starttls, CONFIGURATION.mail.tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = CONFIGURATION.sender

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
