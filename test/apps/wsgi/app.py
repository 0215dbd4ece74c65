"""Goes through PEP 3333, behind the standard library's validator."""
import io
import os
import sys
import wsgiref.validate

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sent.bin")
PLAIN = [("Content-Type", "text/plain")]
closed = []


class Body:
    """An iterable that notes that it was closed."""

    def __init__(self, name, blocks):
        self.name, self.blocks = name, blocks

    def __iter__(self):
        return iter(self.blocks)

    def close(self):
        closed.append(self.name)


def environment(environ, start_response):
    keys = "REQUEST_METHOD SCRIPT_NAME PATH_INFO QUERY_STRING CONTENT_TYPE CONTENT_LENGTH SERVER_NAME SERVER_PORT SERVER_PROTOCOL"
    keys += " REMOTE_ADDR HTTP_HOST HTTP_COOKIE HTTP_X_A HTTP_X_UNDER wsgi.url_scheme wsgi.multithread wsgi.multiprocess wsgi.run_once"
    start_response("200 OK", PLAIN)
    return ["".join(f"{key}={environ.get(key)!r}\n" for key in keys.split()).encode()]


def read(environ, start_response):
    input = environ["wsgi.input"]
    lines = [input.readline(), input.read(3), *input.readlines(), input.read(10)]
    start_response("200 OK", PLAIN)
    return [repr(lines).encode()]


def writes(environ, start_response):
    write = start_response("200 OK", PLAIN)
    write(b"one ")
    write(b"two ")
    return Body("writes", [b"three"])


def late(environ, start_response):
    """Begins the response with the first block."""
    start_response("404 Not Found", PLAIN)
    yield b""
    yield b"late"


def replaced(environ, start_response):
    start_response("200 OK", PLAIN)
    try:
        raise KeyError("in time")
    except KeyError:
        start_response("503 Service Unavailable", PLAIN, sys.exc_info())
    return [b"replaced"]


def too_late(environ, start_response):
    write = start_response("200 OK", PLAIN)
    write(b"begun")
    try:
        raise KeyError("too late")
    except KeyError:
        start_response("500 Internal Server Error", PLAIN, sys.exc_info())
    return [b"never"]


def fails_midway(environ, start_response):
    start_response("200 OK", PLAIN)

    def blocks():
        yield b"half"
        raise KeyError("midway")

    return Body("fails_midway", blocks())


def twice(environ, start_response):
    start_response("200 OK", PLAIN)
    start_response("200 OK", PLAIN)
    return [b""]


def split(environ, start_response):
    start_response("200 OK", PLAIN + [("X-A", "1\r\nX-B: 2")])
    return [b""]


def too_much(environ, start_response):
    start_response("200 OK", PLAIN + [("Content-Length", "4")])
    return Body("too_much", [b"four", b"more"])


def endless(environ, start_response):
    start_response("200 OK", PLAIN)

    def blocks():
        while True:
            yield b"x" * 1000

    return Body("endless", blocks())


def nothing(environ, start_response):
    start_response("204 No Content", [])
    return []


def never_starts(environ, start_response):
    return [b"a body"]


def file(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/x-test")])
    return environ["wsgi.file_wrapper"](open(FILE, "rb"))


def rest_of_file(environ, start_response):
    opened = open(FILE, "rb")
    opened.seek(5)
    start_response("200 OK", [("Content-Type", "application/x-test")])
    return environ["wsgi.file_wrapper"](opened)


def memory(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/x-test")])
    return environ["wsgi.file_wrapper"](io.BytesIO(b"in memory"))


def outside(environ, start_response):
    start_response("200 OK", PLAIN)
    return environ["wsgi.file_wrapper"](open("/etc/hostname", "rb"))


def after(environ, start_response):
    """Goes on when the client has its reply."""

    def blocks():
        yield b"done"
        with open(os.path.join(os.path.dirname(FILE), environ["QUERY_STRING"]), "rb") as fifo:
            closed.append(fifo.read().decode())

    start_response("200 OK", PLAIN + [("Content-Length", "4")])
    return blocks()


def what_is_closed(environ, start_response):
    start_response("200 OK", PLAIN)
    return [" ".join(closed).encode()]


def leaves(environ, start_response):
    sys.exit(5)


PAGES = {f.__name__: f for f in (environment, read, writes, late, replaced, too_late, fails_midway, twice, split, too_much, endless, nothing,
                                 never_starts, file, rest_of_file, memory, outside, after, what_is_closed, leaves)}
# What is wrong by design, and what the validator hides, is run without it.
PLAINLY = {"twice", "split", "file", "rest_of_file", "memory", "outside", "nothing"}


def app(environ, start_response):
    name = environ["PATH_INFO"].split("/")[1]
    page = PAGES[name]
    if name not in PLAINLY:
        page = wsgiref.validate.validator(page)
    return page(environ, start_response)
