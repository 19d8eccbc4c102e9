"""Every setting, all from the environment, through three typed readers."""

import os
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from visits.core.i18n import N_
from visits.core.machine import READ_ONLY, CannotStart
from visits.core.outside import certificates, hook_hosts, mail_server

ROOT = Path(__file__).parent
SHIPPED_FONTS = ROOT / "node_modules" / "@embedpdf" / "fonts-sc" / "fonts"  # of PDF files
DATABASES = ("sqlite:///", "postgresql+psycopg://")
LEAST_SECRET, LEAST_VARIETY = 32, 8
# What another machine must be told to run this installation, so backups carry it; no secret is among them.
TO_CARRY_OVER = (
    "PUBLIC_BASE_URL",
    "VISITS_HOSTS",
    "VISITS_PROXIES",
    "VISITS_IDLE_HOURS",
    "VISITS_SIGN_IN_HOURS",
    "VISITS_MAIL_HOST",
    "VISITS_MAIL_PORT",
    "VISITS_MAIL_SECURITY",
    "VISITS_MAIL_USER",
    "VISITS_MAIL_FROM",
    "VISITS_HOOK_HOSTS",
)


def env_str(name: str, default: str = "") -> str:
    """Read a text setting."""
    return os.environ.get(name, "").strip() or default


def env_int(name: str, default: int, least: int = 1, most: int = 100_000) -> int:
    """Read a whole number; a wrong one stops the start with its name."""
    text = env_str(name, str(default))
    if not text.isdecimal() or not least <= int(text) <= most:
        raise CannotStart(
            N_("%(name)s must be a whole number from %(least)d to %(most)d, not “%(text)s”."),
            name=name,
            least=least,
            most=most,
            text=text[:40],
        )
    return int(text)


def env_bool(name: str, default: bool = False) -> bool:
    """Read a switch: 1/true/yes/on or 0/false/no/off."""
    text = env_str(name, "1" if default else "0").lower()
    if text not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise CannotStart(N_("%(name)s must be 1 or 0, not “%(text)s”."), name=name, text=text[:40])
    return text in {"1", "true", "yes", "on"}


def kept_secret(instance: Path) -> str:
    """Read the secret this installation made for itself, making it on the first start."""
    path = instance / "secret_key"
    with suppress(FileExistsError), open(path, "x", opener=_private) as file:
        file.write(secrets.token_hex(32))
    return path.read_text().strip()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def instance_folder() -> Path:
    """The folder of everything that is not code, made where it is missing."""
    folder = Path(env_str("VISITS_INSTANCE", str(ROOT / "instance"))).resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not env_str("SECRET_KEY"):
            kept_secret(folder)
    except OSError as error:
        raise CannotStart(
            READ_ONLY,
            folder=folder,
            reason=error.strerror,
        ) from error
    return folder


class Config:
    """What every environment shares; read when the application is made."""

    ENV_NAME = "development"
    TESTING = False

    def __init__(self) -> None:
        self.INSTANCE = instance_folder()
        self.SECRET_KEY = env_str("SECRET_KEY") or self.default_secret()
        self.SQLALCHEMY_DATABASE_URI = self.database_url()
        self.ATTACHMENTS = self.INSTANCE / "attachments"
        self.LEDGERS = self.INSTANCE / "ledgers"
        self.SCANNER = env_str("VISITS_SCANNER")
        self.FONTS = [folder for folder in (env_str("VISITS_FONTS"), str(SHIPPED_FONTS)) if folder]
        self.DEMO = env_bool("VISITS_DEMO")
        self.MAIL_SERVER = mail_server(
            env_str("VISITS_MAIL_HOST"),
            env_int("VISITS_MAIL_PORT", 0, least=0, most=65_535),
            env_str("VISITS_MAIL_SECURITY", "starttls"),
            (env_str("VISITS_MAIL_USER"), env_str("VISITS_MAIL_PASSWORD")),
            env_str("VISITS_MAIL_FROM"),
        )
        self.HOOK_HOSTS = hook_hosts(env_str("VISITS_HOOK_HOSTS"))
        self.CA_FILE = env_str("VISITS_CA_FILE")
        if self.CA_FILE:
            certificates(self.CA_FILE)  # a wrong one is said at the start
        self.PUBLIC_BASE_URL = env_str("PUBLIC_BASE_URL")
        self.TRUSTED_HOSTS = self.trusted_hosts()
        self.PROXIES = env_int("VISITS_PROXIES", 0, least=0, most=5)
        self.SESSION_COOKIE_NAME = "visits"
        self.SESSION_COOKIE_HTTPONLY = True
        self.SESSION_COOKIE_SAMESITE = "Lax"
        self.SESSION_COOKIE_SECURE = self.PUBLIC_BASE_URL.startswith("https://")
        self.PERMANENT_SESSION_LIFETIME = timedelta(hours=env_int("VISITS_IDLE_HOURS", 8))
        self.SIGN_IN_LIFETIME = timedelta(hours=env_int("VISITS_SIGN_IN_HOURS", 12))
        self.ARGON2_TIME_COST = 2
        self.ARGON2_MEMORY_KIB = 19 * 1024
        self.MAX_CONTENT_LENGTH = 24 * 1024 * 1024
        self.MAX_FORM_MEMORY_SIZE = 4 * 1024 * 1024
        self.MAX_FORM_PARTS = 5000
        self.BABEL_DEFAULT_LOCALE = "zh_Hans_CN"
        self.BABEL_DEFAULT_TIMEZONE = "Asia/Shanghai"
        self.BABEL_TRANSLATION_DIRECTORIES = str(ROOT / "translations")
        self.WTF_CSRF_TIME_LIMIT = None  # a form left open over lunch must still save
        self.WTF_CSRF_SSL_STRICT = False  # core.web checks the origin itself
        self.WTF_CSRF_CHECK_DEFAULT = False  # core.web calls the check after the sign-in check
        self.TEMPLATES_AUTO_RELOAD = False

    def default_secret(self) -> str:
        """The secret used when the environment gives none."""
        return kept_secret(self.INSTANCE)

    def database_url(self) -> str:
        """PostgreSQL by DATABASE_URL, else the embedded database in the instance folder."""
        url = env_str("DATABASE_URL", f"sqlite:///{self.INSTANCE / 'visits.sqlite3'}")
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        if not url.startswith(DATABASES):
            raise CannotStart(
                N_("DATABASE_URL must begin with postgresql:// or sqlite:///, not with “%(start)s”."),
                start=url.partition("://")[0][:20],
            )
        return url

    def trusted_hosts(self) -> list[str] | None:
        """The host names answered; None answers all."""
        named = [host for host in env_str("VISITS_HOSTS").split(",") if host]
        return named or ["127.0.0.1", "localhost", "[::1]"]


class DevelopmentConfig(Config):
    """One person's machine: loopback, templates re-read."""

    def __init__(self) -> None:
        super().__init__()
        self.TEMPLATES_AUTO_RELOAD = env_bool("VISITS_RELOAD")


class TestingConfig(Config):
    """The test suite: cheap hashing, its own database."""

    ENV_NAME = "testing"
    TESTING = True

    def __init__(self) -> None:
        super().__init__()
        self.ARGON2_TIME_COST = 1
        self.ARGON2_MEMORY_KIB = 8
        self.TRUSTED_HOSTS = ["127.0.0.1", "localhost"]


class ProductionConfig(Config):
    """An office's server: a secret from outside, https, no demo."""

    ENV_NAME = "production"

    def __init__(self) -> None:
        super().__init__()
        if len(self.SECRET_KEY) < LEAST_SECRET or len(set(self.SECRET_KEY)) < LEAST_VARIETY:
            raise CannotStart(
                N_(
                    "SECRET_KEY must be set in production, with at least %(least)d random characters. Make "
                    'one: python3 -c "import secrets; print(secrets.token_hex(32))"'
                ),
                least=LEAST_SECRET,
            )
        if self.DEMO:
            raise CannotStart(N_("The demo zone (VISITS_DEMO) is refused in production."))
        if not self.PUBLIC_BASE_URL.startswith(("https://", "http://")):
            raise CannotStart(
                N_("PUBLIC_BASE_URL must be set in production, e.g. https://visits.example.gov.cn")
            )

    def default_secret(self) -> str:
        """Production takes no secret of its own making."""
        return ""

    def trusted_hosts(self) -> list[str] | None:
        """The host of PUBLIC_BASE_URL, and those named besides."""
        host = self.PUBLIC_BASE_URL.split("://")[-1].split("/")[0].split(":")[0]
        return [host, *(h for h in env_str("VISITS_HOSTS").split(",") if h)]


BY_NAME = {"development": DevelopmentConfig, "testing": TestingConfig, "production": ProductionConfig}


def from_environment() -> Config:
    """Make the configuration that VISITS_ENV names."""
    name = env_str("VISITS_ENV", "development")
    if name not in BY_NAME:
        raise CannotStart(
            N_("VISITS_ENV must be one of %(names)s, not “%(name)s”."), names=", ".join(BY_NAME), name=name
        )
    return BY_NAME[name]()
