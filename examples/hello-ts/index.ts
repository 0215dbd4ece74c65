// rip-server examples/hello-ts runs this, with nothing else installed.
export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    return new Response(pathname === "/ping" ? "pong" : "Hello from rip-server!\n");
  },
};
