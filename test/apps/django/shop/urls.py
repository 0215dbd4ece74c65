from django.conf import settings
from django.contrib import admin
from django.http import FileResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt


def visits(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    return JsonResponse({"visits": request.session["visits"], "user": request.user.username})


@csrf_exempt
def upload(request):
    file = request.FILES["file"]
    with open(settings.FILES / file.name, "wb") as saved:
        for chunk in file.chunks():
            saved.write(chunk)
    return JsonResponse({"name": file.name, "size": file.size, "note": request.POST["note"]})


def download(request, name):
    return FileResponse(open(settings.FILES / name, "rb"), as_attachment=True)


urlpatterns = [
    path("admin/", admin.site.urls),
    path("visits", visits),
    path("upload", upload),
    path("download/<str:name>", download),
]
