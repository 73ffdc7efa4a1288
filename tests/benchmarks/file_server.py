"""A file server on loopback that ends when its standard input does."""

import json
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main(folder: str, *hosts: str) -> None:
    """Serve the folder on the addresses, all at one port, which is printed as JSON."""
    port = 0
    for host in hosts:
        server = ThreadingHTTPServer((host, port), partial(_Quiet, directory=folder))
        port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"port": port}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
