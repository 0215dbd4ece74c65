"""Runs apps that speak ASGI 3 (HTTP and lifespan) on one event loop, which goes
on while the worker waits for a request."""
import asyncio
import signal
import sys
from urllib.parse import unquote

from rip_worker import lifespan, trace, wire
from rip_worker.head import FAILED, MOST_NAMES, address, field_lines, sendable, shows
from rip_worker.reply import BYTES, Reply, unfit
from rip_worker.selector import Selector

BLOCK = 64 << 10  # bytes of a body in a file that are read at once
PATIENCE = 0.05  # s between two looks whether a client that is waited for is there still


class Worker:
    """Takes requests from the shared socket, one at a time: claim, then look."""

    def __init__(self, app, code, seat):
        self.app, self.code, self.seat = app, code, seat
        self.names = {}  # of fields, in small letters
        self.tasks = set()  # what the app still does for requests that have their reply
        self.exchange = None  # the request that runs
        self.selector = Selector(seat, self.take)
        self.loop = asyncio.SelectorEventLoop(self.selector)
        self.selector.loop = self.loop
        self.state = {}  # of the lifespan, a copy for each request

    def run(self):
        """Returns when the worker is to end."""
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(self.serve())
        except lifespan.Failed as problem:
            sys.exit(f"rip-server: {problem}")
        finally:
            self.loop.close()

    async def serve(self):
        self.ended = self.selector.ended = self.loop.create_future()
        self.life = lifespan.Lifespan(self.app, self.state)
        await self.life.begin()
        signal.signal(signal.SIGTERM, self.selector.terminate)
        self.seat.ready()
        self.selector.waiting = True
        await self.ended
        self.selector.waiting = False
        if self.tasks:
            await asyncio.wait(self.tasks)
        await self.life.end()
        await self.cancel()

    async def cancel(self):
        """Ends what the app has left, as asyncio.run does."""
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await self.loop.shutdown_asyncgens()

    def take(self, record):
        """Begins to run the request of a record, unless it must not be run."""
        seat, row, ledger = self.seat, self.seat.row, self.seat.ledger
        took, cpu = seat.take()
        _, flags, _, slot, id, length, _ = wire.unpack_request(record)
        row[wire.CLAIM] = id
        if ledger[seat.slots + slot] != id or ledger[seat.leave] or seat.stopping or seat.server_gone():
            seat.give_back(slot, id)
            return
        self.selector.waiting = False
        length += wire.REQUEST_PREFIX
        exchange = self.exchange = Exchange(self, slot, id, took, cpu, seat.spent())
        exchange.changed = self.code.hot and self.code.changed(took)
        exchange.head_of_request = record[wire.REQUEST_PREFIX : length]
        exchange.body = record[length:]
        if flags & wire.BODY_FILE:
            exchange.file = open(exchange.body, "rb")
        task = self.loop.create_task(exchange.run())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def refresh(self):
        """Brings changed code in."""
        app = self.code.renew()
        if app is not None and not app.asynchronous:
            self.code.error = "the app speaks WSGI now, and did not when this worker started: rip-server restart"
        elif app is not None:
            state = {}
            life = lifespan.Lifespan(app.object, state)
            try:
                await life.begin()
            except lifespan.Failed as problem:
                self.code.error = str(problem)
            else:
                old = self.life
                self.app, self.state, self.life = app.object, state, life
                await old.end()
        self.seat.reloaded(self.code.error)

    def over(self, exchange):
        """Ends the claim of a request that has its reply."""
        self.exchange = None
        self.seat.release()
        if not exchange.spent:
            self.selector.waiting = True
            return
        # The app may go on; the server ends a spent worker with SIGTERM.
        self.selector.spent = True
        self.loop.add_reader(wire.REPLIES, self.gone)

    def gone(self):
        """The server is gone."""
        self.loop.remove_reader(wire.REPLIES)
        self.selector.end()

    def scope(self, head):
        lines = head.split(b"\r\n")
        method, target, _ = lines[0].decode("latin-1").split(" ")
        path, _, query = target.partition("?")
        names, headers = self.names, []
        host = client = None
        scheme = "http"
        for line in lines[1:-2]:
            name, _, value = line.partition(b": ")  # the server writes them so
            low = names.get(name) or self.name(name)
            headers.append((low, value))
            if low == b"host":
                host = value
            elif low == b"x-forwarded-for":
                client = value.rpartition(b",")[2].strip().decode("latin-1")
            elif low == b"x-forwarded-proto" and value == b"https":
                scheme = "https"
        name, port = address(host.decode("latin-1") if host else "", scheme)
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": scheme,
            "path": unquote(path) if "%" in path else path,
            "raw_path": path.encode("latin-1"),
            "query_string": query.encode("latin-1"),
            "root_path": "",
            "headers": headers,
            "client": (client, 0) if client else None,
            "server": (name, int(port)),
            "state": self.state.copy(),
            "extensions": {"http.response.pathsend": {}},
        }

    def name(self, name):
        low = name.rstrip(b":").lower()  # its value may be empty
        if len(self.names) < MOST_NAMES:
            self.names[name] = low
        return low


class Exchange(Reply):
    """One request and its reply."""

    head = None  # what is still to be sent of it, without the empty line
    left = -1  # bytes that may still come by Content-Length, -1 = there is none
    error = False  # the status is 5xx
    held = None  # the last part, which waits for what the app does behind it
    bodiless = False  # the request is HEAD
    file = None  # holds the body of the request
    received = False  # the app has it
    changed = False  # a file of the app has changed

    def __init__(self, worker, slot, id, took, cpu, spent):
        Reply.__init__(self, worker.seat, slot, id, took, cpu, spent)
        self.worker = worker

    async def run(self):
        worker = self.worker
        try:
            if self.changed:
                await worker.refresh()
                self.spent = self.seat.spent()
            if worker.code.error and self.seat.developing and shows(self.head_of_request):
                self.head, body = worker.code.page()
                self.head = self.head[:-2]
                self.finish(body)
                return
            scope = worker.scope(self.head_of_request)
            self.bodiless = scope["method"] == "HEAD"
            await worker.app(scope, self.receive, self.send)
            if not self.ended:
                raise RuntimeError("the app has returned before its response was complete")
        except (GeneratorExit, KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # asyncio.CancelledError, and what others derive from it
            if not (self.cancelled() and not self.ended):
                trace.report(self.head_of_request)
        if not self.ended:
            self.fail()
        self.let_go()
        if self.file is not None:
            self.file.close()

    async def receive(self):
        if not self.received:
            body, more = self.body, False
            if self.file is not None:
                body = self.file.read(BLOCK)
                more = len(body) == BLOCK
            self.received = not more
            self.body = b""
            return {"type": "http.request", "body": body, "more_body": more}
        while not self.ended and not self.cancelled():
            await asyncio.sleep(PATIENCE)
        return {"type": "http.disconnect"}

    async def send(self, message):
        kind = message["type"]
        if self.ended:
            raise RuntimeError(f"{kind} comes after the end of the response")
        if kind == "http.response.start":
            self.start(message["status"], message.get("headers", ()))
            return
        if self.head is None:
            raise RuntimeError(f"{kind} comes before http.response.start")
        if kind == "http.response.body":
            self.block(message.get("body", b""), message.get("more_body", False))
        elif kind == "http.response.pathsend":
            self.path(message["path"])
        else:
            raise ValueError(f"the server does not know {kind}")

    def start(self, status, headers):
        if self.head is not None:
            raise RuntimeError("http.response.start comes a second time")
        head = b"HTTP/1.1 %d \r\n" % status
        lines = 1
        for name, value in headers:
            head += b"%b: %b\r\n" % (name, value)
            lines += 1
            if len(name) == 14 and name.lower() == b"content-length":
                self.left = int(value)
        self.head = field_lines(head, lines)
        self.ok, self.error = status == 200, status >= 500

    def block(self, data, more):
        """Sends a part of the body, and the head before the first one."""
        if self.cancelled():
            if not more:
                self.finish(b"", wire.BROKEN)
            return
        if not isinstance(data, BYTES):
            raise unfit(data)
        if self.left >= 0:
            data = data[: self.left]
            self.left -= len(data)
        if self.bodiless:
            if self.left < 0 and not self.sent and not more and data:
                self.head += b"Content-Length: %d\r\n" % len(data)  # what GET would have had
            data = b""
        if not more:
            self.finish(data)
        elif data:
            self.part(self.rest_of_head(), data)

    def rest_of_head(self):
        return b"" if self.sent else self.head + b"\r\n"

    def finish(self, data, broken=0):
        if self.error and not broken:
            # Starlette raises the exception behind the reply to it. What is
            # printed before the last part is in the log under the request.
            self.held, self.ended = bytes(data), True
            self.worker.loop.call_soon(self.let_go)  # when the app goes on instead, and waits
            return
        self.final(self.rest_of_head(), data, broken)
        # What the app does from now on keeps nobody waiting, but it has its turn first.
        self.worker.loop.call_soon(self.worker.over, self)

    def let_go(self):
        """Sends the last part, if it was held back."""
        if self.held is None:
            return
        data, self.held = self.held, None
        self.error = self.ended = False
        try:
            self.finish(data)
        except Exception:
            trace.report(self.head_of_request)
            self.fail()

    def path(self, path):
        """Sends a file, by the server where that can be."""
        with open(path, "rb") as file:
            if self.ok and not self.bodiless and not self.sent:
                found = sendable(file, self.left, self.seat.sendfile)
                if found is not None:
                    self.head += b"X-Sendfile: " + found + b"\r\n"
                    self.finish(b"")
                    return
            while data := file.read(BLOCK):
                self.block(data, True)
        self.block(b"", False)

    def fail(self):
        """Ends the reply of an app that raised an exception or did not answer."""
        broken, body = self.sent or self.cancelled(), b""
        if not self.sent:
            self.head = FAILED[0][:-2]
        if not (broken or self.bodiless):
            body = FAILED[1]
        self.error = False
        try:
            self.finish(body, wire.BROKEN if broken else 0)
        except Exception:  # nothing goes: whoever dies with a claim leaves an answer to the server
            trace.report(self.head_of_request)
            sys.exit(1)
