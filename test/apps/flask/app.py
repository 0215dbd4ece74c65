"""A Flask app as people write them: forms, sessions, uploads, downloads."""
import hashlib
import io
import os
import time

from flask import Flask, Response, flash, get_flashed_messages, redirect, render_template_string, request, send_file, session, stream_with_context, url_for

app = Flask(__name__)
app.secret_key = "for tests alone"
FILES = os.environ.get("SHOP_FILES", ".")

PAGE = """<!doctype html><title>Shop</title>
{% for message in messages %}<p class=flash>{{ message }}</p>{% endfor %}
{% if user %}<p>Hello {{ user }}, visit {{ visits }}</p>{% else %}
<form method=post action="{{ url_for('login') }}"><input name=user><button>Log in</button></form>{% endif %}"""


@app.route("/")
def home():
    session["visits"] = session.get("visits", 0) + 1
    return render_template_string(PAGE, user=session.get("user"), visits=session["visits"], messages=get_flashed_messages())


@app.post("/login")
def login():
    session["user"] = request.form["user"]
    flash("You are logged in")
    return redirect(url_for("home"))


@app.post("/logout")
def logout():
    session.clear()
    return redirect(url_for("home", _external=True), code=303)


@app.post("/upload")
def upload():
    file = request.files["file"]
    path = os.path.join(FILES, os.path.basename(file.filename))
    file.save(path)
    with open(path, "rb") as saved:
        digest = hashlib.file_digest(saved, "sha256") if hasattr(hashlib, "file_digest") else hashlib.sha256(saved.read())
    return {"name": file.filename, "note": request.form["note"], "size": os.path.getsize(path), "sha256": digest.hexdigest()}


@app.get("/download/<name>")
def download(name):
    return send_file(os.path.abspath(os.path.join(FILES, os.path.basename(name))), as_attachment=True, conditional=True)


@app.get("/report.csv")
def report():
    return send_file(io.BytesIO(b"item,price\ntea,3\n"), mimetype="text/csv", download_name="report.csv")


@app.get("/stream")
def stream():
    def parts():
        for i in range(3):
            yield f"{request.args['word']} {i}\n"
            time.sleep(0.01)

    return Response(stream_with_context(parts()), mimetype="text/plain")


@app.get("/broken")
def broken():
    return {}["no such key"]


@app.after_request
def server(response):
    response.headers["X-Shop"] = "Flask"
    return response
