import { html } from "hono/html";

export const Page = () => (
  <>
    {html`<!doctype html>`}
    <html lang="en">
      <head>
        <title>Notes</title>
      </head>
      <body>
        <h1>Hello from Hono!</h1>
      </body>
    </html>
  </>
);
