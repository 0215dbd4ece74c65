"""A FastAPI app as people write them."""
import threading

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI(title="Shop")
items = {"tea": 3}


class Item(BaseModel):
    name: str
    price: int


@app.get("/items/{name}")
def read(name: str):  # no coroutine: it runs in a thread
    if name not in items:
        raise HTTPException(status_code=404, detail="no such item")
    return {"name": name, "price": items[name], "main": threading.current_thread() is threading.main_thread()}


@app.put("/items")
async def write(item: Item):
    items[item.name] = item.price
    return item
