"""Shows what went wrong in the app, in the language's own words."""
import contextlib
import os
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))


def report(head):
    """Prints the exception that is being handled, and the request it came from."""
    message = f"exception in {head.partition(b' HTTP/')[0].decode('latin-1')}\n"
    try:
        message += text()
        sys.stderr.write(message)
    except Exception:  # the app has closed it, or put something else in its place
        with contextlib.suppress(OSError):
            os.write(2, message.encode("utf-8", "backslashreplace"))


def text():
    """Returns the traceback of the exception that is being handled, from the first frame of the app on."""
    kind, error, trace = sys.exc_info()
    return "".join(traceback.format_exception(kind, error, own(error, trace)))


def own(error, trace):
    """Returns a traceback without its first frames, which are this program's and the importer's."""
    first = trace
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if not path.startswith((HERE, "<frozen importlib")) and "/importlib/" not in path:
            return trace
        trace = trace.tb_next
    # A module that cannot be read has no frame of its own, and the text says where it is.
    return None if isinstance(error, (SyntaxError, ImportError)) else first
