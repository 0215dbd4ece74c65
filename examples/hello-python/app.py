# rip-server examples/hello-python runs this; any WSGI or ASGI app will do.


def app(environ, start_response):
    body = b"pong" if environ["PATH_INFO"] == "/ping" else b"Hello from rip-server!\n"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
