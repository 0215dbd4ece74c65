"""The pages of bench/apps/node for WSGI."""
import json
import time


def work():
    total = 0
    for i in range(24_000):
        total = (total * 31 + i) % 65521
    items = [
        {"id": i, "name": f"item {i}", "sum": (total + i) % 1000, "tags": ["one", "two", "three"], "stock": True}
        for i in range(129)
    ]
    return json.dumps({"items": items}, separators=(",", ":")).encode()


def app(environ, start_response):
    if environ["PATH_INFO"] == "/wait":
        time.sleep(0.02)
        kind, body = "text/plain", b"waited"
    else:
        kind, body = "application/json", work()
    start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]
