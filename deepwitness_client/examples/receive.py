"""Register this machine as a webhook and print what it is told: `python receive.py URL PORT`."""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from deepwitness_client import Client, WebhookRefused, check_webhook

service, port = Client(sys.argv[1]), int(sys.argv[2])
made = service.create_webhook(f"http://127.0.0.1:{port}/", description="example")


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            notice = check_webhook(made.secret, dict(self.headers), body)
        except WebhookRefused:
            self.send_response(400)
        else:
            print(notice.type, notice.data)
            self.send_response(204)
        self.end_headers()


with HTTPServer(("127.0.0.1", port), Handler) as server:
    service.test_webhook(made.webhook.id)
    server.handle_request()
service.delete_webhook(made.webhook.id)
