"""How gunicorn serves an office; docs/operations.md says the rest."""

import os

# nginx reaches the program here; another address or a file socket (unix:/run/visits/web.sock) by BIND.
bind = os.environ.get("BIND", "127.0.0.1:8000")

# With the embedded database one process suffices; with PostgreSQL two for each processor core.
workers = int(os.environ.get("WORKERS", "1"))
worker_class = "gthread"
threads = 4

# A request that takes longer is broken off: the largest import takes a quarter of that.
timeout = 120
# How long requests may go on when the service is stopped or reloaded.
graceful_timeout = 30
keepalive = 5

# Processes are renewed from time to time, not all at once.
max_requests = 5000
max_requests_jitter = 500

# What is wrong goes to the service's log (journalctl -u visits); nginx keeps the log of requests.
errorlog = "-"
loglevel = "info"
accesslog = None

# Nobody gives orders to a running server but systemd.
control_socket_disable = True

# Whose word about the visitor's address and https counts; VISITS_PROXIES says how many there are.
forwarded_allow_ips = "127.0.0.1"
