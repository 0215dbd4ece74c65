// An app of Hono with npm packages: npm ci && rip-server examples/hono
import { Hono } from "hono";
import { etag } from "hono/etag";
import { logger } from "hono/logger";
import { secureHeaders } from "hono/secure-headers";
import { streamText } from "hono/streaming";
import { notes } from "./notes";
import { Page } from "./page";

const app = new Hono();

app.use(logger());
app.use(secureHeaders());
app.get("/", etag(), (c) => c.html(<Page />));
app.get("/ping", (c) => c.text("pong"));
app.get("/count/:n{[0-9]+}", (c) =>
  streamText(c, async (stream) => {
    for (let i = 1; i <= Number(c.req.param("n")); i++) {
      await stream.writeln(String(i));
      await stream.sleep(10);
    }
  }),
);
app.route("/notes", notes);
app.notFound((c) => c.json({ error: "there is nothing here" }, 404));

export default app;
