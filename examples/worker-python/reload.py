# Loads app.py, and loads it again when it has changed; docs/worker-protocol.md says how.
import html, os, sys, time, traceback

class App:
    def __init__(self):
        self.path = os.path.join(sys.path[0], "app.py")
        self.seen, self.looked = self.look(), time.monotonic()
        self.handle = self.load()
        self.reloads, self.error = 0, ""

    def look(self):
        try:
            info = os.stat(self.path)
        except FileNotFoundError:
            return None
        return info.st_mtime_ns, info.st_size, info.st_ino

    def load(self):
        names = {"__name__": "app", "__file__": self.path}
        with open(self.path, "rb") as file:  # import would take byte code that is up to a second old
            exec(compile(file.read(), self.path, "exec"), names)
        return names["handle"]

    def refresh(self):
        """Loads the file again if it has changed, and tells whether it did or tried to."""
        now = time.monotonic()
        if now - self.looked < 0.1:
            return False
        self.looked, seen = now, self.look()
        if seen is None or seen == self.seen:  # None: it is just being replaced
            return False
        self.seen = seen
        try:
            self.handle, self.error = self.load(), ""
            self.reloads += 1
        except BaseException:  # also sys.exit: the old code goes on
            self.error = traceback.format_exc()[-4000:]
        return True

    def page(self):
        return f"<!doctype html><title>The code does not run</title><pre>{html.escape(self.error)}</pre>\n".encode()
