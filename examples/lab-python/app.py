"""The app of the tests and benchmarks, in plain WSGI. Its paths, and what they
mean, are those of examples/lab."""
import hashlib
import json
import os
import signal
import tempfile
import time
from urllib.parse import parse_qs

BLOCK = bytes(i % 251 for i in range(251)) * 256  # a whole number of periods
LINE = 128  # bytes of a line in the journal: a part of a page, so that it is written whole
PLAIN = [("Content-Type", "text/plain; charset=utf-8")]
BINARY = [("Content-Type", "application/octet-stream")]

kept = []
journal = None
if os.environ.get("LAB_JOURNAL"):
    journal = os.open(os.environ["LAB_JOURNAL"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


class BadNumber(Exception):
    pass


def app(environ, start_response):
    id = environ.get("HTTP_X_LAB_ID")
    if not id or journal is None:
        return serve(environ, start_response)
    return around(id, environ, start_response)


def around(id, environ, start_response):
    """Writes down when a request begins and ends."""
    write("start", id)
    whole = True
    try:
        body = serve(environ, start_response)
        whole = isinstance(body, list)
        return body if whole else noted(id, body)
    finally:
        if whole:
            write("done", id)


def noted(id, body):
    """Writes down when the last part of a body was made."""
    try:
        yield from body
    finally:
        write("done", id)


def write(what, id):
    line = f"{what} {id} {os.getpid()}".ljust(LINE - 1) + "\n"
    if len(line) != LINE:
        raise ValueError(f"X-Lab-Id {id!r} is too long for the journal")
    os.write(journal, line.encode())


def serve(environ, start_response):
    page = PAGES.get(environ["PATH_INFO"], echo)
    try:
        return page(environ, start_response)
    except BadNumber as problem:
        start_response("400 Bad Request", PLAIN)
        return [f"{problem}\n".encode()]


def number(environ, name):
    """Returns a number from the query, 0 when it is not there."""
    text = parse_qs(environ["QUERY_STRING"]).get(name, ["0"])[0]
    if not text.isdigit():
        raise BadNumber(f"{name} is {text!r}, not a number")
    return int(text)


def say(start_response, text):
    start_response("200 OK", PLAIN)
    return [text.encode()]


def ping(environ, start_response):
    return say(start_response, "pong")


def document(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"message":"Hello, World!","list":[1,2,3]}\n']


def echo(environ, start_response):
    """Says what it received."""
    headers = {}
    for key, value in environ.items():
        if key.startswith("HTTP_") or key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            headers[key.removeprefix("HTTP_").replace("_", "-").title()] = [value]
    digest, size = hashlib.sha256(), 0
    while data := environ["wsgi.input"].read(1 << 20):
        digest.update(data)
        size += len(data)
    start_response("200 OK", [("Content-Type", "application/json")])
    return [
        json.dumps(
            {
                "method": environ["REQUEST_METHOD"],
                "target": environ.get("REQUEST_URI") or environ["RAW_URI"],
                "headers": headers,
                "size": size,
                "sha256": digest.hexdigest(),
                "worker": int(os.environ.get("RIP_WORKER", 0)),
                "pid": os.getpid(),
            }
        ).encode()
    ]


def pid(environ, start_response):
    return say(start_response, str(os.getpid()))


def sleep(environ, start_response):
    ms = number(environ, "ms")
    time.sleep(ms / 1000)
    return say(start_response, f"slept {ms} ms\n")


def cpu(environ, start_response):
    ms, begin, sum = number(environ, "ms"), time.process_time(), 0
    while time.process_time() - begin < ms / 1000:
        for i in range(1000):
            sum = (sum * 31 + i) & 0xFFFFFFFF
    return say(start_response, f"spent {ms} ms on {sum:x}\n")


def bytes_(environ, start_response):
    n = number(environ, "n")
    start_response("200 OK", BINARY + [("Content-Length", str(n))])
    return pattern(n)


def pattern(n):
    while n > 0:
        yield BLOCK[:n]
        n -= len(BLOCK)


def file(environ, start_response):
    n = number(environ, "n")
    folder = os.path.join(tempfile.gettempdir(), "rip-lab")
    path = os.path.join(folder, f"{n}.bin")
    if not os.path.exists(path) or os.path.getsize(path) != n:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="new-", delete=False) as new:
            for data in pattern(n):
                new.write(data)
        os.rename(new.name, path)
    start_response("200 OK", BINARY + [("Content-Length", str(n))])
    return environ["wsgi.file_wrapper"](open(path, "rb"))


def stream(environ, start_response):
    n, ms = number(environ, "n"), number(environ, "ms")
    start_response("200 OK", PLAIN)
    return parts(n, ms)


def parts(n, ms):
    for i in range(n):
        if i:
            time.sleep(ms / 1000)
        yield f"part {i}\n".encode()


def panic(environ, start_response):
    raise RuntimeError("the lab was asked to panic")


def exit(environ, start_response):
    os._exit(number(environ, "code"))


def abort(environ, start_response):
    start_response("200 OK", PLAIN)
    return half()


def half():
    yield b"the first half of it"
    time.sleep(0.1)  # a server that learns of both at once may still answer with an error
    os.kill(os.getpid(), signal.SIGKILL)


def hang(environ, start_response):
    while True:
        signal.pause()


def alloc(environ, start_response):
    block = bytearray(number(environ, "mb") << 20)
    block[::4096] = b"\1" * len(block[::4096])  # memory that nobody touched is not there yet
    kept.append(block)
    return say(start_response, f"{len(kept)} blocks\n")


def log(environ, start_response):
    print(parse_qs(environ["QUERY_STRING"]).get("line", [""])[0])
    return say(start_response, "printed\n")


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
