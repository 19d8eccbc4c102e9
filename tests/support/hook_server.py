"""A host of webhooks that behaves well or badly, on this machine; what was posted there can be read."""

import json
import ssl
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import trustme

from visits.core.outside import HookHost, certificates
from visits.inbox.ways.posting import Poster

AUTHORITY = trustme.CA()
CERTIFICATE = AUTHORITY.issue_cert("hook.example.org")


class HookDouble:
    """The server, open inside the block: answers with `status` and `body`, or hangs, or drips."""

    def __init__(self, status=200, body=b"{}", headers=(), conduct="well", is_secure=False):
        self.status, self.body, self.headers = status, body, headers
        self.conduct, self.posted, self.is_over = conduct, [], Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._speaker())
        self.server.daemon_threads = True
        self.port, self.scheme = self.server.server_port, "https" if is_secure else "http"
        if is_secure:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            CERTIFICATE.configure_cert(context)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    def _speaker(double):  # noqa: N805 - the class below has the self
        class Speaker(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                double.posted.append((self.path, dict(self.headers), body))
                if double.conduct == "hang":
                    double.is_over.wait(60)
                self.send_response(double.status)
                for name, value in double.headers:
                    self.send_header(name, value)
                self.end_headers()
                with suppress(OSError):
                    self._say(double)

            def _say(self, double):
                while double.conduct == "drip" and not double.is_over.wait(0.05):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                self.wfile.write(double.body)

            def log_message(self, *_):
                """Say nothing."""

        return Speaker

    def __enter__(self):
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def address(self):
        """Where to post to."""
        return f"http://127.0.0.1:{self.port}/hook?key=abc"

    @property
    def read(self):
        """What was posted, as it was meant."""
        return [json.loads(body) for _, _, body in self.posted]

    def poster(self):
        """A poster to this host, as the settings would name it."""
        return Poster([HookHost("127.0.0.1", self.port, "http", is_named=True)], certificates(""))
