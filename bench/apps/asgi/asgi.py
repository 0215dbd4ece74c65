"""The pages of bench/apps/node for ASGI."""
import asyncio
import json


def work():
    total = 0
    for i in range(24_000):
        total = (total * 31 + i) % 65521
    items = [
        {"id": i, "name": f"item {i}", "sum": (total + i) % 1000, "tags": ["one", "two", "three"], "stock": True}
        for i in range(129)
    ]
    return json.dumps({"items": items}, separators=(",", ":")).encode()


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise ValueError(f"a scope of type {scope['type']}")
    if scope["path"] == "/wait":
        await asyncio.sleep(0.02)
        kind, body = b"text/plain", b"waited"
    else:
        kind, body = b"application/json", work()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind), (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})
