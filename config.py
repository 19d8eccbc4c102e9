"""Every setting, all from the environment, through three typed readers."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parent


def env_str(name: str, default: str = "") -> str:
    """Read a text setting."""
    return os.environ.get(name, "").strip() or default


def env_int(name: str, default: int) -> int:
    """Read a whole number; a wrong one stops the start with its name."""
    text = env_str(name, str(default))
    if not text.lstrip("-").isdigit():
        raise ValueError(f"{name} must be a whole number, not {text!r}")
    return int(text)


def env_bool(name: str, default: bool = False) -> bool:
    """Read a switch: 1/true/yes/on or 0/false/no/off."""
    text = env_str(name, "1" if default else "0").lower()
    if text not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ValueError(f"{name} must be 1 or 0, not {text!r}")
    return text in {"1", "true", "yes", "on"}


def kept_secret(instance: Path) -> str:
    """Read the secret this installation made for itself, making it on the first start."""
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip()


class Config:
    """What every environment shares; read when the application is made."""

    ENV_NAME = "development"
    TESTING = False

    def __init__(self) -> None:
        self.INSTANCE = Path(env_str("VISITS_INSTANCE", str(ROOT / "instance"))).resolve()
        self.INSTANCE.mkdir(parents=True, exist_ok=True)
        self.SECRET_KEY = env_str("SECRET_KEY") or self.default_secret()
        self.SQLALCHEMY_DATABASE_URI = self.database_url()
        self.DEMO = env_bool("VISITS_DEMO")
        self.SETUP_TOKEN = env_str("VISITS_SETUP_TOKEN")
        self.PUBLIC_BASE_URL = env_str("PUBLIC_BASE_URL")
        self.TRUSTED_HOSTS = self.trusted_hosts()
        self.PROXIES = env_int("VISITS_PROXIES", 0)
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
        return url.replace("postgresql://", "postgresql+psycopg://", 1)

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
        if len(self.SECRET_KEY) < 32:
            raise ValueError("SECRET_KEY must be set in production, with at least 32 random characters.")
        if self.DEMO:
            raise ValueError("The demo zone (VISITS_DEMO) is refused in production.")
        if not self.PUBLIC_BASE_URL:
            raise ValueError(
                "PUBLIC_BASE_URL must be set in production, e.g. https://visits.example.gov.cn"
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
        raise ValueError(f"VISITS_ENV must be one of {', '.join(BY_NAME)}, not {name!r}")
    return BY_NAME[name]()
