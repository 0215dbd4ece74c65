// rip-server examples/fetch-node runs this on the node that is installed: a handler
// that takes a Request and returns a Response, and no server of its own.
export default {
  fetch(request) {
    const { pathname } = new URL(request.url);
    return new Response(pathname === '/ping' ? 'pong' : 'Hello from rip-server!\n');
  },
};
