"""The lifespan protocol of ASGI: the app is told of the start and the end."""
import asyncio
import sys

from rip_worker import trace


class Failed(Exception):
    """The app says that it cannot start."""


class Lifespan:
    started = False  # the app has answered

    def __init__(self, app, state):
        self.app, self.state = app, state
        self.events = asyncio.Queue()
        self.told = None  # future: what the app answers to the event before
        self.task = None  # ends at once when the app does not speak it

    async def begin(self):
        """Tells the app of the start. It raises Failed when the app says so."""
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        self.task = asyncio.create_task(self.live(scope))
        message = await self.ask("lifespan.startup")
        if message["type"] == "lifespan.startup.failed":
            raise Failed("the start of the app failed: " + (message.get("message") or "it does not say why"))

    async def end(self):
        if self.task.done():
            return
        message = await self.ask("lifespan.shutdown")
        if message["type"] == "lifespan.shutdown.failed":
            sys.stderr.write(f"the end of the app failed: {message.get('message', '')}\n")

    async def live(self, scope):
        try:
            await self.app(scope, self.events.get, self.send)
        except Exception:
            # Before the start is complete it means that the app knows of no
            # lifespan; afterwards it is an error.
            if self.started:
                sys.stderr.write(trace.text())
        finally:
            if not self.told.done():
                self.told.set_result({"type": "none"})

    async def ask(self, event):
        self.told = asyncio.get_running_loop().create_future()
        self.events.put_nowait({"type": event})
        return await self.told

    async def send(self, message):
        self.started = True
        if not self.told.done():
            self.told.set_result(message)
