"""Finds the app and loads it."""
import importlib
import inspect
import os
import re
import sys

NAMES = ("application", "app", "asgi_app", "wsgi_app")  # what the object may be called
FACTORIES = ("create_app", "make_app")  # what may make it


class NoApp(Exception):
    """The entry leads to no app; the text says what was looked for."""


class App:
    def __init__(self, object, asynchronous):
        self.object = object
        self.asynchronous = asynchronous  # it speaks ASGI, else WSGI


def load(entry):
    """Loads the app of an entry, in the working folder: "module", "module:object",
    "module:factory()"; the module may be a file, "src/shop.py:app"."""
    module, _, name = entry.partition(":")
    folder = os.getcwd()
    if module.endswith(".py"):
        folder, module = os.path.split(os.path.join(folder, module[:-3]))
    sys.path[0] = folder  # instead of this program's own
    sys.argv = [os.path.join(folder, module.replace(".", "/") + ".py")]
    found, asynchronous = None, False
    if module == "manage" and not name:
        found = django(sys.argv[0])
    if found is None:
        found = find(importlib.import_module(module), module, name)
        asynchronous = speaks_asgi(found, module)
    import_urls()
    return App(found, asynchronous)


def find(module, title, name):
    """Returns the object of that name, or the one that is most likely the app."""
    if name:
        found = module
        for part in name.removesuffix("()").split("."):
            if not hasattr(found, part):
                raise NoApp(f"there is no {part!r} in {title} for the entry {title}:{name}")
            found = getattr(found, part)
        found = found() if name.endswith("()") else found
        if not callable(found):
            raise NoApp(f"{title}:{name} is no app: it cannot be called, it is a {type(found).__name__}")
        return found
    for candidate in NAMES:
        found = getattr(module, candidate, None)
        if callable(found):
            return found
    for factory in FACTORIES:
        make = getattr(module, factory, None)
        if callable(make):
            return make()
    wanted = ", ".join(NAMES + tuple(f"{factory}()" for factory in FACTORIES))
    raise NoApp(f"no app in {title}: looked for {wanted}; name another object with --entry={title}:NAME")


def speaks_asgi(found, module):
    """Tells an ASGI app from a WSGI app: it is a coroutine, or takes three arguments."""
    call = found if inspect.isfunction(found) or inspect.ismethod(found) else getattr(type(found), "__call__", found)
    if inspect.iscoroutinefunction(found) or inspect.iscoroutinefunction(call):
        return True
    try:
        parameters = [p.name for p in inspect.signature(found).parameters.values()]
    except (TypeError, ValueError):
        return module == "asgi"
    if parameters[:3] == ["scope", "receive", "send"]:
        return True
    return module == "asgi" and parameters[1:2] != ["start_response"]


def django(path):
    """Returns the app of a Django project, as its runserver would run it, None
    when manage.py is something else."""
    with open(path, encoding="utf-8") as file:
        settings = re.search(r"""["']DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)["']""", file.read())
    if settings is None and "DJANGO_SETTINGS_MODULE" not in os.environ:
        return None
    if settings is not None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings[1])
    from django.conf import settings
    from django.core.servers.basehttp import get_internal_wsgi_application

    app = get_internal_wsgi_application()
    if settings.DEBUG and "django.contrib.staticfiles" in settings.INSTALLED_APPS:
        from django.contrib.staticfiles.handlers import StaticFilesHandler

        app = StaticFilesHandler(app)
    return app


def import_urls():
    """Imports the urlconf of a Django project, and with it the views, as runserver
    does. Django would do so for the first request, when it is too late: code that
    cannot be imported must not take the place of code that runs."""
    if "django.core.handlers.base" not in sys.modules:
        return  # there is no Django, or it answers no requests
    from django.apps import apps
    from django.conf import settings
    from django.urls import clear_url_caches, get_resolver

    if not (apps.ready and getattr(settings, "ROOT_URLCONF", None)):
        return
    clear_url_caches()  # they are of the code before when it is loaded again
    try:
        get_resolver().url_patterns
    except BaseException:
        clear_url_caches()
        raise
