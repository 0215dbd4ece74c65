"""The code of the app: loads it, and loads it again when it has changed."""
import gc
import html
import importlib
import importlib.machinery
import linecache
import os
import sys

from rip_worker import load, trace

BETWEEN = 100_000_000  # ns from one look at the files to the next, at least
MOST_TEXT = 4000  # characters of an error that are told

FOREIGN = ("/site-packages/", "/dist-packages/", "/node_modules/")  # packages of others


class Code:
    """An app that is loaded once, or again and again when hot is true."""

    def __init__(self, entry, hot):
        self.entry, self.hot = entry, hot
        self.folder = os.path.realpath(os.getcwd()) + "/"
        self.error = ""  # why the files as they are now do not run
        self.seen = {}  # by path, what each file was like before it was read
        self.looked = 0  # when that was compared last, ns
        self.found = None  # what was found then, when it was another
        if hot:
            sys.path_hooks.insert(0, self.finder)
            sys.path_importer_cache.clear()

    def load(self):
        """Returns the load.App of the files as they are now."""
        return load.load(self.entry)

    def changed(self, now):
        """Tells whether a file has changed; it looks no more than every 100 ms."""
        if now - self.looked < BETWEEN:
            return False
        self.looked = now
        found = {path: look(path) for path in self.seen}
        if found == self.seen:
            return False
        # A file that is not there is about to be replaced, unless it stays away.
        if None in found.values() and found != self.found:
            self.found = found
            return False
        return True

    def renew(self):
        """Loads the files again. It returns the load.App, or None when they do
        not run: then everything is as it was, and error says why."""
        before = {path: look(path) for path in self.seen}
        for folder in {os.path.dirname(path) for path in before} | {self.folder}:
            before[folder] = look(folder)
        old, path, argv = self.modules(), sys.path[:], sys.argv[:]
        for name in old:
            del sys.modules[name]
        importlib.invalidate_caches()
        linecache.checkcache()
        self.seen = {}
        try:
            app, self.error = load.load(self.entry), ""
        except BaseException as problem:  # sys.exit too
            app = None
            self.error = (str(problem) if isinstance(problem, load.NoApp) else trace.text())[-MOST_TEXT:]
            for name in self.modules():
                del sys.modules[name]
            sys.modules.update(old)
            sys.path[:], sys.argv[:] = path, argv
            # A new file in one of the folders may be what is missing.
            self.seen = {**before, **self.seen}
        old.clear()
        gc.collect()
        return app

    def modules(self):
        """Returns the app's own modules, by name."""
        found = {}
        for name, module in list(sys.modules.items()):
            if name == "__main__" or name.partition(".")[0] == "rip_worker":
                continue
            if any(map(self.own, paths(module))):
                found[name] = module
        return found

    def own(self, path):
        """Tells whether a path belongs to the app, and not to a package of others."""
        if not path.startswith(self.folder) or any(part in path for part in FOREIGN):
            return False
        return not (sys.prefix + "/").startswith(self.folder) or not path.startswith(sys.prefix + "/")

    def finder(self, path):
        """Is a path hook: the app's own files are compiled anew each time, since
        the cache goes by whole seconds."""
        if not self.own(os.path.realpath(path) + "/"):
            raise ImportError
        machinery = importlib.machinery
        return machinery.FileFinder(
            path,
            (machinery.ExtensionFileLoader, machinery.EXTENSION_SUFFIXES),
            (lambda name, path: Loader(name, path, self), machinery.SOURCE_SUFFIXES),
        )

    def page(self):
        """Returns head and body of what a browser is shown instead of the app."""
        body = f"<!doctype html><title>The code does not run</title><pre>{html.escape(self.error)}</pre>\n".encode()
        head = f"HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode(), body


class Loader(importlib.machinery.SourceFileLoader):
    """Loads a file of the app, and notes what it was like before it was read."""

    def __init__(self, name, path, code):
        super().__init__(name, path)
        self.code = code

    def get_code(self, name):
        path = self.get_filename(name)
        self.code.seen[path] = look(path)
        return self.source_to_code(self.get_data(path), path)


def paths(module):
    """Returns where a module comes from: its file, or the folders of a package without one."""
    file = getattr(module, "__file__", None)
    if isinstance(file, str):
        return [os.path.realpath(file)]
    try:
        return [os.path.realpath(path) + "/" for path in getattr(module, "__path__", ())]
    except Exception:  # a module that is something else
        return []


def look(path):
    """Returns what tells one version of a file from another, None when it is not there."""
    try:
        info = os.stat(path)
    except OSError:
        return None
    return info.st_mtime_ns, info.st_size, info.st_ino
