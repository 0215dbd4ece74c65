"""The app of the tests in plain ASGI 3. Its paths, and what they mean, are those
of examples/lab."""
import asyncio
import hashlib
import json
import os
import signal
import tempfile
import time
from urllib.parse import parse_qs

BLOCK = bytes(i % 251 for i in range(251)) * 256  # a whole number of periods
LINE = 128  # bytes of a line in the journal: a part of a page, so that it is written whole
PLAIN = b"text/plain; charset=utf-8"

kept = []
journal = None
if os.environ.get("LAB_JOURNAL"):
    journal = os.open(os.environ["LAB_JOURNAL"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


class BadNumber(Exception):
    pass


class Request:
    def __init__(self, scope, receive, send):
        self.scope, self.receive, self.send = scope, receive, send
        self.query = parse_qs(scope["query_string"].decode("latin-1"))

    def number(self, name):
        """Returns a number from the query, 0 when it is not there."""
        text = self.query.get(name, ["0"])[0]
        if not text.isdigit():
            raise BadNumber(f"{name} is {text!r}, not a number")
        return int(text)

    async def body(self):
        more = True
        while more:
            message = await self.receive()
            yield message["body"]
            more = message["more_body"]

    async def start(self, kind=PLAIN, length=None, status=200):
        headers = [(b"content-type", kind)]
        if length is not None:
            headers.append((b"content-length", b"%d" % length))
        await self.send({"type": "http.response.start", "status": status, "headers": headers})

    async def part(self, data, more=True):
        await self.send({"type": "http.response.body", "body": data, "more_body": more})

    async def say(self, text, kind=PLAIN, status=200):
        await self.start(kind, status=status)
        await self.part(text.encode(), more=False)


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            event = (await receive())["type"]
            await send({"type": f"{event}.complete"})
            if event == "lifespan.shutdown":
                return
    id = dict(scope["headers"]).get(b"x-lab-id", b"").decode()
    if not id or journal is None:
        await serve(Request(scope, receive, send))
        return
    # The last part goes out behind the line that says so.
    last = None

    async def hold(message):
        nonlocal last
        if message["type"] == "http.response.body" and not message.get("more_body"):
            last = message
            return
        await send(message)

    write("start", id)
    try:
        await serve(Request(scope, receive, hold))
    finally:
        write("done", id)
    await send(last)


def write(what, id):
    line = f"{what} {id} {os.getpid()}".ljust(LINE - 1) + "\n"
    if len(line) != LINE:
        raise ValueError(f"X-Lab-Id {id!r} is too long for the journal")
    os.write(journal, line.encode())


async def serve(request):
    try:
        await PAGES.get(request.scope["path"], echo)(request)
    except BadNumber as problem:
        await request.say(f"{problem}\n", status=400)


async def ping(request):
    await request.say("pong")


async def document(request):
    await request.say('{"message":"Hello, World!","list":[1,2,3]}\n', b"application/json")


async def echo(request):
    """Says what it received."""
    digest, size = hashlib.sha256(), 0
    async for data in request.body():
        digest.update(data)
        size += len(data)
    headers = {}
    for name, value in request.scope["headers"]:
        headers.setdefault(name.decode().title(), []).append(value.decode("latin-1"))
    query = request.scope["query_string"]
    target = request.scope["raw_path"] + (b"?" + query if query else b"")
    found = {
        "method": request.scope["method"],
        "target": target.decode("latin-1"),
        "headers": headers,
        "size": size,
        "sha256": digest.hexdigest(),
        "worker": int(os.environ.get("RIP_WORKER", 0)),
        "pid": os.getpid(),
    }
    await request.say(json.dumps(found), b"application/json")


async def pid(request):
    await request.say(str(os.getpid()))


async def sleep(request):
    ms = request.number("ms")
    await asyncio.sleep(ms / 1000)
    await request.say(f"slept {ms} ms\n")


async def cpu(request):
    ms, begin, sum = request.number("ms"), time.process_time(), 0
    while time.process_time() - begin < ms / 1000:
        for i in range(1000):
            sum = (sum * 31 + i) & 0xFFFFFFFF
    await request.say(f"spent {ms} ms on {sum:x}\n")


async def bytes_(request):
    n = request.number("n")
    await request.start(b"application/octet-stream", n)
    while n > len(BLOCK):
        await request.part(BLOCK)
        n -= len(BLOCK)
    await request.part(BLOCK[:n], more=False)


async def file(request):
    n = request.number("n")
    folder = os.path.join(tempfile.gettempdir(), "rip-lab")
    path = os.path.join(folder, f"{n}.bin")
    if not os.path.exists(path) or os.path.getsize(path) != n:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="new-", delete=False) as new:
            left = n
            while left > 0:
                left -= new.write(BLOCK[:left])
        os.rename(new.name, path)
    await request.start(b"application/octet-stream", n)
    await request.send({"type": "http.response.pathsend", "path": path})


async def stream(request):
    n, ms = request.number("n"), request.number("ms")
    await request.start()
    for i in range(n):
        if i:
            await asyncio.sleep(ms / 1000)
        await request.part(f"part {i}\n".encode())
    await request.part(b"", more=False)


async def panic(request):
    raise RuntimeError("the lab was asked to panic")


async def exit(request):
    os._exit(request.number("code"))


async def abort(request):
    await request.start()
    await request.part(b"the first half of it")
    await asyncio.sleep(0.1)  # a server that learns of both at once may still answer with an error
    os.kill(os.getpid(), signal.SIGKILL)


async def hang(request):
    while True:
        signal.pause()


async def alloc(request):
    block = bytearray(request.number("mb") << 20)
    block[::4096] = b"\1" * len(block[::4096])  # memory that nobody touched is not there yet
    kept.append(block)
    await request.say(f"{len(kept)} blocks\n")


async def log(request):
    print(request.query.get("line", [""])[0])
    await request.say("printed\n")


PAGES = {
    "/ping": ping,
    "/json": document,
    "/pid": pid,
    "/sleep": sleep,
    "/cpu": cpu,
    "/bytes": bytes_,
    "/stream": stream,
    "/file": file,
    "/panic": panic,
    "/exit": exit,
    "/abort": abort,
    "/hang": hang,
    "/alloc": alloc,
    "/log": log,
}
