"""What docs/operations.md and deploy/ tell an administrator is true: commands, settings, sample files."""

import ast
import re
import shlex
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path
from urllib.request import Request, urlopen

import click
import pytest
from flask.cli import ScriptInfo

import config
from tests.support.databases import scratch_url
from tests.support.live_server import LiveServer
from tests.support.zones import restored_zone

DOCS, DEPLOY = config.ROOT / "docs", config.ROOT / "deploy"
SETTING = re.compile(r"`((?:VISITS_)?[A-Z][A-Z_]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)")
COMMAND = re.compile(r"(?:sudo |/usr/local/bin/|^)visits ([a-z].*)$", re.MULTILINE)
TARGET = re.compile(r"(?:`|^|sudo |&& )make ([a-z-]+)", re.MULTILINE)
KNOWN_KEYS = {
    "Unit": "Description After",
    "Install": "WantedBy",
    "Service": "Type NotifyAccess User Group WorkingDirectory Environment EnvironmentFile ExecStart "
    "ExecReload KillMode TimeoutStopSec Restart RestartSec RestartPreventExitStatus StateDirectory "
    "StateDirectoryMode UMask "
    "NoNewPrivileges PrivateTmp PrivateDevices ProtectSystem ProtectHome ProtectKernelTunables "
    "ProtectKernelModules ProtectControlGroups RestrictAddressFamilies RestrictSUIDSGID LockPersonality",
}
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def settings_read():
    """The names config.py reads from the environment."""
    calls = [
        n for n in ast.walk(ast.parse((config.ROOT / "config.py").read_text())) if isinstance(n, ast.Call)
    ]
    named = [c for c in calls if getattr(c.func, "id", "") in {"env_str", "env_int", "env_bool"}]
    return {c.args[0].value for c in named if isinstance(c.args[0], ast.Constant)}


def settings_of_server():
    """The names the server's own files read."""
    texts = [(DEPLOY / "gunicorn.conf.py").read_text(), (config.ROOT / "tools" / "serve.py").read_text()]
    return {name for text in texts for name in re.findall(r'environ\.get\("(\w+)"', text)}


def first_cells(page, heading):
    """The settings in the first column of the table below a heading."""
    section = page.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in SETTING.findall(row)]


def test_the_page_of_settings_lists_exactly_what_is_read():
    page = (DOCS / "configuration.md").read_text()
    pages = (
        (("The program", "Mail and chat robots"), settings_read()),
        (("The server",), settings_of_server()),
    )
    for headings, wanted in pages:
        listed = [name for heading in headings for name in first_cells(page, heading)]
        assert sorted(listed) == sorted(set(listed))
        assert set(listed) == wanted


def test_every_setting_named_elsewhere_exists():
    known = settings_read() | settings_of_server()
    named = set(SETTING.findall((DOCS / "operations.md").read_text()))
    lines = (DEPLOY / "visits.env").read_text().replace("# ", "").splitlines()
    named |= {line.partition("=")[0] for line in lines if re.match(r"[A-Z_]+=", line)} - {"LANG"}
    assert named - known == set()
    assert set(config.TO_CARRY_OVER) <= known


def test_the_sample_settings_hold_no_secret():
    lines = (DEPLOY / "visits.env").read_text().splitlines()
    assert "SECRET_KEY=" in lines


@pytest.mark.parametrize("name", ["operations.md", "configuration.md"])
def test_links_lead_somewhere(name):
    for target in LINK.findall((DOCS / name).read_text()):
        assert target.startswith("https://") or (DOCS / target).exists(), target


def commands():
    texts = [(DOCS / "operations.md").read_text()]
    typed = [line for text in texts for line in COMMAND.findall(re.sub(r"`", "\n", text))]
    return sorted({line.split("#")[0].strip() for line in typed})


@pytest.mark.parametrize("line", commands())
def test_every_command_of_the_page_exists_with_its_options(app, line):
    words = [word for word in shlex.split(line) if word not in {"…", "|"}]
    with app.app_context():
        command, context = app.cli, click.Context(app.cli, obj=ScriptInfo(create_app=lambda: app))
        while isinstance(command, click.Group):
            command = command.get_command(context, words.pop(0))
            assert command, line
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_commands_were_found():
    assert len(commands()) > 12


def test_every_target_of_make_exists():
    makefile = (config.ROOT / "Makefile").read_text()
    for name in ("docs/operations.md", "README.md", "docs/configuration.md"):
        for target in TARGET.findall((config.ROOT / name).read_text()):
            assert f"\n{target}:" in makefile, target


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*.service")))
def test_units_use_keys_that_systemd_knows(path, tmp_path):
    unit = RawConfigParser(strict=True)
    unit.optionxform = str
    unit.read_string(path.read_text())
    unknown = [key for name in unit.sections() for key in unit[name] if key not in KNOWN_KEYS[name].split()]
    assert unknown == []
    if analyze := shutil.which("systemd-analyze"):
        here = path.read_text().replace("/opt/visits/.venv/bin/python", "/bin/true")
        here = here.replace("/usr/local/bin/visits", "/bin/true").replace("=visits\n", "=root\n")
        (tmp_path / path.name).write_text(here)
        done = subprocess.run(
            [analyze, "verify", tmp_path / path.name], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_the_service_starts_what_there_is():
    unit = (DEPLOY / "visits.service").read_text()
    assert "--config deploy/gunicorn.conf.py wsgi:app" in unit
    assert "EnvironmentFile=/etc/visits/visits.env" in unit
    assert "RestartPreventExitStatus=3" in unit
    subprocess.run(["sh", "-n", DEPLOY / "visits"], check=True)
    assert (DEPLOY / "visits").stat().st_mode & 0o111


def directives():
    text = re.sub(r"#.*", "", (DEPLOY / "nginx.conf").read_text())
    assert text.count("{") == text.count("}")
    return [line.strip().rstrip(";") for line in text.splitlines() if line.strip().endswith(";")]


def test_nginx_passes_on_what_the_program_relies_on():
    lines = [" ".join(line.split()) for line in directives()]
    limit = config.TestingConfig().MAX_CONTENT_LENGTH // 2**20
    wanted = [
        f"client_max_body_size {limit}m",
        "proxy_set_header Host $host",
        "proxy_set_header X-Forwarded-For $remote_addr",
        "proxy_set_header X-Forwarded-Proto $scheme",
        "proxy_set_header X-Forwarded-Host $host",
        "ssl_protocols TLSv1.2 TLSv1.3",
        "return 301 https://$host$request_uri",
    ]
    assert [line for line in wanted if line not in lines] == []
    assert not any("add_header" in line for line in lines)  # the program sends its own


@pytest.mark.skipif(not shutil.which("nginx") or not shutil.which("openssl"), reason="no nginx here")
def test_nginx_takes_the_sample(tmp_path):
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-days", "1"]
    subprocess.run(
        [*made, "-keyout", tmp_path / "key", "-out", tmp_path / "pem"], check=True, capture_output=True
    )
    sample = re.sub(r"/etc/ssl/\S+\.(pem|key)", rf"{tmp_path}/\1", (DEPLOY / "nginx.conf").read_text())
    (tmp_path / "visits.conf").write_text(sample)
    places = "".join(f"{name}_temp_path {tmp_path}/{name}; " for name in TEMPORARY)
    places += f"access_log off; include {tmp_path}/visits.conf;"
    whole = f"pid {tmp_path}/pid; events {{}} http {{ {places} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    command = ["nginx", "-t", "-e", "stderr", "-p", tmp_path, "-c", tmp_path / "nginx.conf"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_gunicorn_serves_the_sample_with_two_processes(tmp_path):
    target = restored_zone(scratch_url("served", tmp_path), tmp_path)
    server = LiveServer(tmp_path, url=target.url, sample=DEPLOY / "gunicorn.conf.py", workers=2)
    with server:
        for path, words in (("/healthz", '"ok":true'), ("/sign-in", "csrf_token")):
            with urlopen(Request(server.address + path), timeout=30) as answer:
                assert words in answer.read().decode().replace(" ", "").replace("\n", "")
    said = server.log.read_text()
    assert said.count("Booting worker") >= 2
    assert "Using worker: gthread" in said
    assert server.faults() == []


def test_the_readme_leads_here():
    text = (config.ROOT / "README.md").read_text()
    for page in ("docs/operations.md", "docs/configuration.md"):
        assert page in text
    assert Path("deploy", "visits.env").name in (DOCS / "configuration.md").read_text()
