"""A Starlette app as people write them."""
import asyncio
import contextlib
import hashlib
import os

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, StreamingResponse
from starlette.routing import Route

FILES = os.environ.get("SHOP_FILES", ".")
done = []


async def home(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    return PlainTextResponse(f"Hello {request.session.get('user', 'stranger')}, visit {request.session['visits']}")


async def login(request):
    form = await request.form()
    request.session["user"] = form["user"]
    return RedirectResponse("/", status_code=303)


async def upload(request):
    form = await request.form()
    data = await form["file"].read()
    with open(os.path.join(FILES, os.path.basename(form["file"].filename)), "wb") as file:
        file.write(data)
    return JSONResponse({"name": form["file"].filename, "note": form["note"], "size": len(data), "sha256": hashlib.sha256(data).hexdigest()})


async def download(request):
    name = os.path.basename(request.path_params["name"])
    return FileResponse(os.path.join(FILES, name), filename=name)


async def stream(request):
    async def parts():
        for i in range(3):
            yield f"{request.query_params['word']} {i}\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(parts(), media_type="text/plain")


async def endless(request):
    async def parts():
        try:
            while True:
                yield b"x" * 1000
                await asyncio.sleep(0.01)
        finally:
            done.append("endless")

    return StreamingResponse(parts(), media_type="text/plain")


async def later(request):
    async def work():
        await asyncio.sleep(0.2)
        done.append("later")

    return PlainTextResponse("soon", background=BackgroundTask(work))


async def what_is_done(request):
    return JSONResponse({"pid": os.getpid(), "done": done, "started": request.app.state.started, "ticks": request.app.state.ticks})


def broken(request):
    return {}["no such key"]


@contextlib.asynccontextmanager
async def lifespan(app):
    async def tick():
        while True:
            app.state.ticks += 1
            await asyncio.sleep(0.02)

    app.state.started, app.state.ticks = True, 0
    ticking = asyncio.create_task(tick())
    yield
    ticking.cancel()
    print("the app has ended")


app = Starlette(
    lifespan=lifespan,
    middleware=[Middleware(SessionMiddleware, secret_key="for tests alone")],
    routes=[
        Route("/", home),
        Route("/login", login, methods=["POST"]),
        Route("/upload", upload, methods=["POST"]),
        Route("/download/{name}", download),
        Route("/stream", stream),
        Route("/endless", endless),
        Route("/later", later),
        Route("/done", what_is_done),
        Route("/broken", broken),
    ],
)
