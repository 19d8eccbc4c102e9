"""What a start refuses: production without a secret, with the demo switch, or on a demo database."""

import pytest

import config
from visits.app import create_app
from visits.core.db import db, transaction
from visits.core.settings import set_setting

SECRET = "of-sixteen-and-of-thirty-two-letters"


@pytest.fixture
def production(monkeypatch, tmp_path):
    """A production environment on an embedded database of its own."""
    for name in ("VISITS_DEMO", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VISITS_ENV", "production")
    monkeypatch.setenv("VISITS_INSTANCE", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://visits.example.gov.cn")
    return monkeypatch


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("SECRET_KEY", "", "SECRET_KEY"),
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("PUBLIC_BASE_URL", "", "PUBLIC_BASE_URL"),
        ("VISITS_DEMO", "1", "demo"),
        ("VISITS_ENV", "staging", "VISITS_ENV"),
        ("VISITS_PROXIES", "two", "VISITS_PROXIES"),
    ],
)
def test_a_wrong_setting_stops_the_start_by_its_name(production, name, value, word):
    production.setenv(name, value)
    with pytest.raises(ValueError, match=word):
        config.from_environment()


def test_production_refuses_the_demo_database(production):
    app = create_app()
    with app.app_context():
        db.create_all()
        with transaction():
            set_setting("demo", True)
    with pytest.raises(ValueError, match="demo zone"):
        create_app()
