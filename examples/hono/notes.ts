import { Hono } from "hono";
import { basicAuth } from "hono/basic-auth";
import { HTTPException } from "hono/http-exception";
import { validator } from "hono/validator";

interface Note {
  id: string;
  text: string;
}

// What a worker has in memory is its own: a real app would ask a database.
const list: Note[] = [{ id: "first", text: "Workers share a socket." }];

const text = validator("json", (value: { text?: unknown }): { text: string } => {
  if (typeof value.text !== "string") throw new HTTPException(400, { message: "text is missing" });
  return { text: value.text };
});

export const notes = new Hono()
  .get("/", (c) => c.json(list))
  .get("/:id", (c) => {
    const note = list.find(({ id }) => id === c.req.param("id"));
    return note ? c.json(note) : c.notFound();
  })
  .post("/", basicAuth({ username: "writer", password: "secret" }), text, (c) => {
    const note: Note = { id: crypto.randomUUID(), text: c.req.valid("json").text };
    list.push(note);
    return c.json(note, 201);
  });
