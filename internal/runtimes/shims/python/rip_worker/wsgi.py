"""Runs apps that speak WSGI (PEP 3333)."""
import io
import os
import stat
import sys
import traceback
from urllib.parse import unquote_to_bytes

from rip_worker import wire
from rip_worker.reply import Gone, Reply

FAILED = (
    b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 22\r\n\r\n",
    b"Internal Server Error\n",
)

MOST_NAMES = 1000  # field names whose keys are remembered

UNFIT = frozenset("\0\r\n")


class Handler:
    """Runs one request after another."""

    def __init__(self, app, seat):
        self.app, self.seat = app, seat
        self.keys = {"Content-Type": "CONTENT_TYPE", "Content-Length": "CONTENT_LENGTH"}
        self.hosts = {}
        self.base = {
            "SCRIPT_NAME": "",
            "SERVER_SOFTWARE": "rip-server",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.file_wrapper": FileWrapper,
            "wsgi.input_terminated": True,
        }

    def run(self, slot, id, head, rest, flags, took, cpu, spent):
        reply = Reply(self.seat, slot, id, took, cpu, spent)
        exchange = Exchange(reply)
        body = None
        result = None
        try:
            body = open(rest, "rb") if flags & wire.BODY_FILE else io.BytesIO(rest)
            environ = self.environ(head, body)
            exchange.bodiless = environ["REQUEST_METHOD"] == "HEAD"
            result = self.app(environ, exchange.start_response)
            exchange.send(result, self.seat)
        except Gone:
            exchange.abort()
        except Exception:
            sys.stderr.write(f"exception in {head.partition(b' HTTP/')[0].decode('latin-1')}\n")
            traceback.print_exc()
            exchange.fail()
        finally:
            # The client has its reply: what runs here keeps nobody waiting.
            close = getattr(result, "close", None)
            if close is not None:
                try:
                    close()
                except Exception:
                    traceback.print_exc()
            if body is not None:
                body.close()

    def environ(self, head, body):
        """Returns the environment of a request."""
        environ = self.base.copy()
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ")
        path, _, query = target.partition("?")
        environ["REQUEST_METHOD"] = method
        environ["REQUEST_URI"] = environ["RAW_URI"] = target
        environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1") if "%" in path else path
        environ["QUERY_STRING"] = query
        environ["wsgi.input"] = body
        keys = self.keys
        for line in lines[1:-2]:
            name, _, value = line.partition(":")
            key = keys.get(name)
            if key is None:
                key = self.key(name)
            value = value.strip(" \t")
            if key in environ:
                if not key:
                    continue
                value = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + value
            environ[key] = value
        environ.pop("", None)
        environ["SERVER_NAME"], environ["SERVER_PORT"] = self.host(environ.get("HTTP_HOST", ""))
        if environ.get("HTTP_X_FORWARDED_PROTO") == "https":
            environ["wsgi.url_scheme"] = "https"
        forwarded = environ.get("HTTP_X_FORWARDED_FOR")
        if forwarded is not None:
            environ["REMOTE_ADDR"] = forwarded.rpartition(",")[2].strip()
        return environ

    def key(self, name):
        """Returns the key of a field, "" for one that must not be passed on.

        A name with an underscore would have the key of the one with a dash.
        """
        key = "" if "_" in name else "HTTP_" + name.upper().replace("-", "_")
        if key in ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"):
            key = key[5:]
        if len(self.keys) < MOST_NAMES:
            self.keys[name] = key
        return key

    def host(self, value):
        """Returns name and port of a Host field."""
        found = self.hosts.get(value)
        if found is None:
            name, colon, port = value.rpartition(":")
            if not colon or not port.isdigit():
                name, port = value, "80"
            found = name.strip("[]") or "localhost", port
            if len(self.hosts) < MOST_NAMES:
                self.hosts[value] = found
        return found


class Exchange:
    """The reply to one request, as the app makes it."""

    __slots__ = ("reply", "head", "started", "sent", "length", "left", "bodiless", "ok")

    def __init__(self, reply):
        self.reply = reply
        self.head = b""  # what is still to be sent of it, without the empty line
        self.started = False  # start_response was called
        self.sent = False  # something is on its way
        self.length = -1  # Content-Length, -1 = the app gave none
        self.left = -1  # bytes that may still come by that length
        self.bodiless = False  # the request is HEAD
        self.ok = False  # the status is 200

    def start_response(self, status, headers, exc_info=None):
        if exc_info:
            try:
                if self.sent:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None
        elif self.started:
            raise AssertionError("start_response was called a second time without exc_info")
        text = f"HTTP/1.1 {status}\r\n"
        if len(status) == 3:
            text = f"HTTP/1.1 {status} \r\n"
        self.length = self.left = -1
        for name, value in headers:
            text += f"{name}: {value}\r\n"
            if len(name) == 14 and name.lower() == "content-length":
                self.length = self.left = int(value)
        # A line break in a value would begin a field that the app did not mean.
        lines = len(headers) + 1
        if text.count("\n") != lines or text.count("\r") != lines or "\0" in text:
            raise ValueError(f"a field of the response has a line break in it: {status!r} {headers!r}")
        self.head = text.encode("latin-1")
        self.ok = status.startswith("200")
        self.started = True
        return self.write

    def write(self, data):
        """Is the callable that start_response returns."""
        if not self.started:
            raise AssertionError("write() was called before start_response")
        if self.reply.cancelled():
            raise Gone("the client has gone")
        self.part(data)

    def part(self, data):
        """Sends a part of the body, and the head before the first one."""
        if self.bodiless:
            return
        if self.left >= 0:
            if len(data) > self.left:
                data = data[: self.left]
            self.left -= len(data)
        head = b""
        if not self.sent:
            head, self.sent = self.head + b"\r\n", True
        self.reply.part(head, data)

    def final(self, data=b""):
        if self.left >= 0 and len(data) > self.left:
            data = data[: self.left]
        if self.bodiless:
            data = b""
        if self.sent:
            self.reply.final(b"", data)
        else:
            self.sent = True
            self.reply.final(self.head + b"\r\n", data)

    def send(self, result, seat):
        """Sends what the app returned."""
        kind = type(result)
        if kind is list or kind is tuple:
            if not self.started:
                raise AssertionError("the app has returned without a call of start_response")
            data = result[0] if len(result) == 1 else b"".join(result)
            if self.bodiless and self.length < 0 and data:
                self.head += b"Content-Length: %d\r\n" % len(data)
            self.final(data)
            return
        if kind is FileWrapper and not self.sent and self.ok and not self.bodiless:
            path = result.sendable(self.length, seat.sendfile)
            if path is not None:
                self.sent = True
                self.reply.final(self.head + b"X-Sendfile: " + path + b"\r\n\r\n", b"")
                return
        try:
            one = len(result) == 1
        except TypeError:
            one = False
        blocks = iter(result)
        for data in blocks:
            if not data:
                continue
            if not self.started:
                raise AssertionError("the app has returned a body without a call of start_response")
            if one or self.bodiless or self.left >= 0 and len(data) >= self.left:
                # It is complete for the client; the app may have more to do.
                self.final(data)
                self.exhaust(blocks)
                return
            if self.reply.cancelled():
                raise Gone
            self.part(data)
        if not self.started:
            raise AssertionError("the app has returned without a call of start_response")
        self.final()

    def exhaust(self, blocks):
        """Lets an iterator come to its end, unless there is more of a body that is complete."""
        if self.bodiless:
            return
        for data in blocks:
            if data:
                return

    def fail(self):
        """Ends the reply of an app that raised an exception."""
        if self.reply.ended:
            return
        if self.sent:
            self.abort()
            return
        self.sent = True
        head, body = FAILED
        self.reply.final(head, b"" if self.bodiless else body)

    def abort(self):
        """Ends the reply so that the client sees it as incomplete."""
        if self.reply.ended:
            return
        head = b"" if self.sent else FAILED[0]
        self.sent = True
        self.reply.final(head, b"", wire.BROKEN)


class FileWrapper:
    """Is wsgi.file_wrapper. A whole file in a folder that the server may send
    from is sent by the server."""

    def __init__(self, file, block_size=64 << 10):
        self.file, self.block_size = file, block_size
        if hasattr(file, "close"):
            self.close = file.close

    def __iter__(self):
        return self

    def __next__(self):
        data = self.file.read(self.block_size)
        if data:
            return data
        raise StopIteration

    def sendable(self, length, folders):
        """Returns the path of the file, without symbolic links, None when the
        server cannot send it: it is in none of the folders, is not read from its
        beginning, or not to its end."""
        file = self.file
        # Others, such as temporary files, may be gone when they are closed.
        if not folders or not isinstance(file, (io.BufferedReader, io.FileIO)):
            return None
        try:
            path = os.path.realpath(file.name)
            info = os.fstat(file.fileno())
            if not path.startswith(folders) or not stat.S_ISREG(info.st_mode) or not info.st_size or file.tell() != 0:
                return None
            if length >= 0 and length != info.st_size or not os.path.samestat(info, os.stat(path)):
                return None
        except (OSError, ValueError, TypeError):
            return None
        if not UNFIT.isdisjoint(path) or path.strip() != path:
            return None
        return os.fsencode(path)
