"""Runs apps that speak WSGI (PEP 3333)."""
import sys
from urllib.parse import unquote_to_bytes

from rip_worker import loop, trace, wire
from rip_worker.head import FAILED, MOST_NAMES, address, field_lines, sendable, shows
from rip_worker.reply import BYTES, Gone, Reply, unfit

DROPPED = "rip.dropped"  # the key of fields that are not passed on


class Worker:
    """Runs one request after another."""

    def __init__(self, app, code, seat):
        self.app, self.code, self.seat = app, code, seat
        self.exchange = Exchange  # the class
        self.keys = {"Content-Type": "CONTENT_TYPE", "Content-Length": "CONTENT_LENGTH"}
        self.hosts = {}
        # What every request sets stands here too: to copy a dictionary is quick,
        # to let one grow is not.
        self.base = {
            "REQUEST_METHOD": "",
            "SCRIPT_NAME": "",
            "PATH_INFO": "",
            "QUERY_STRING": "",
            "REQUEST_URI": "",
            "RAW_URI": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_SOFTWARE": "rip-server",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": None,
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.file_wrapper": FileWrapper,
        }

    def run(self):
        """Returns when the worker is to end."""
        self.seat.ready()
        if not self.seat.stream:
            loop.run(self.seat, self.handle)
            return
        from rip_worker import stream

        class StreamExchange(stream.StreamReply, Exchange):
            """An exchange over a connection."""

        self.exchange = StreamExchange
        stream.run(self.seat, self.handle)

    def refresh(self):
        """Brings changed code in."""
        app = self.code.renew()
        if app is not None and app.asynchronous:
            self.code.error = "the app speaks ASGI now, and did not when this worker started: rip-server restart"
        elif app is not None:
            self.app = app.object
        self.seat.reloaded(self.code.error)

    def handle(self, slot, id, head, body, took, cpu):
        seat, code = self.seat, self.code
        if code.hot and code.changed(took):
            self.refresh()
        exchange = self.exchange(seat, slot, id, took, cpu, seat.spent())
        if code.error and seat.developing and shows(head):
            exchange.final(*code.page())
            return
        result = None
        try:
            environ = self.environ(head, body)
            if environ["REQUEST_METHOD"] == "HEAD":
                exchange.bodiless = True
            result = self.app(environ, exchange.start_response)
            exchange.send(result)
        except Gone:
            exchange.abort()
        except Exception:
            trace.report(head)
            exchange.fail()
        finally:
            # The client has its reply: what runs here keeps nobody waiting.
            try:
                if hasattr(result, "close"):
                    result.close()
            except Exception:
                trace.report(head)
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
            name, _, value = line.partition(": ")  # the server writes them so
            key = keys.get(name) or self.key(name)
            if key in environ:
                value = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + value
            environ[key] = value
        environ.pop(DROPPED, None)
        host = environ.get("HTTP_HOST")
        environ["SERVER_NAME"], environ["SERVER_PORT"] = self.hosts.get(host) or self.host(host)
        if environ.get("HTTP_X_FORWARDED_PROTO") == "https":
            environ["wsgi.url_scheme"] = "https"
        forwarded = environ.get("HTTP_X_FORWARDED_FOR")
        if forwarded is not None:
            environ["REMOTE_ADDR"] = forwarded.rpartition(",")[2].lstrip() if "," in forwarded else forwarded
        return environ

    def key(self, name):
        """Returns the key of a field, DROPPED for one that must not be passed on.

        A name with an underscore would have the key of the one with a dash.
        """
        name = name.rstrip(":")  # its value is empty
        key = DROPPED if "_" in name else "HTTP_" + name.upper().replace("-", "_")
        if key in ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"):
            key = key[5:]
        if len(self.keys) < MOST_NAMES:
            self.keys[name] = key
        return key

    def host(self, value):
        """Returns name and port of a Host field."""
        found = address(value, "http")
        if len(self.hosts) < MOST_NAMES:
            self.hosts[value] = found
        return found


class Exchange(Reply):
    """The reply to one request, as the app makes it."""

    head = b""  # what is still to be sent of it, without the empty line
    started = False  # start_response was called
    length = -1  # Content-Length, -1 = the app gave none
    left = -1  # bytes that may still come by that length
    bodiless = False  # the request is HEAD
    ok = False  # the status is 200

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
        self.head = field_lines(text.encode("latin-1"), len(headers) + 1)
        self.ok = status.startswith("200")
        self.started = True
        return self.write

    def write(self, data):
        """Is the callable that start_response returns."""
        if not self.started:
            raise AssertionError("write() was called before start_response")
        if self.ended:
            raise AssertionError("write() was called after the end of the response")
        if self.cancelled():
            raise Gone("the client has gone")
        self.block(data)

    def block(self, data):
        """Sends a part of the body, and the head before the first one."""
        if not isinstance(data, BYTES):
            raise unfit(data)
        if self.bodiless:
            return
        if self.left >= 0:
            if len(data) > self.left:
                data = data[: self.left]
            self.left -= len(data)
        self.part(b"" if self.sent else self.head + b"\r\n", data)

    def end(self, data=b""):
        if not isinstance(data, BYTES):
            raise unfit(data)
        if self.left >= 0 and len(data) > self.left:
            data = data[: self.left]
        if self.bodiless:
            data = b""
        self.final(b"" if self.sent else self.head + b"\r\n", data)

    def send(self, result):
        """Sends what the app returned."""
        kind = type(result)
        if kind is list or kind is tuple:
            if not self.started:
                raise AssertionError("the app has returned without a call of start_response")
            data = result[0] if len(result) == 1 else b"".join(result)
            if self.bodiless and self.length < 0 and data:
                self.head += b"Content-Length: %d\r\n" % len(data)
            self.end(data)
            return
        if kind is FileWrapper and not self.sent and self.ok and not self.bodiless:
            path = sendable(result.file, self.length, self.seat.sendfile)
            if path is not None:
                self.final(self.head + b"X-Sendfile: " + path + b"\r\n\r\n", b"")
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
                self.end(data)
                self.exhaust(blocks)
                return
            if self.cancelled():
                raise Gone
            self.block(data)
        if not self.started:
            raise AssertionError("the app has returned without a call of start_response")
        self.end()

    def exhaust(self, blocks):
        """Lets an iterator come to its end, unless there is more of a body that is complete."""
        if self.bodiless:
            return
        for data in blocks:
            if data:
                return

    def fail(self):
        """Ends the reply of an app that raised an exception."""
        if self.ended:
            return
        if self.sent:
            self.abort()
            return
        head, body = FAILED
        self.final(head, b"" if self.bodiless else body)

    def abort(self):
        """Ends the reply so that the client sees it as incomplete."""
        if self.ended:
            return
        self.final(b"" if self.sent else FAILED[0], b"", wire.BROKEN)


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
