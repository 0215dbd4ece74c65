// Serves an exported handler in one process of Bun; others may do so on the same port.
//
//     bun serve.js HANDLER PORT
const [handler, port] = process.argv.slice(2);
const { default: app } = await import(handler);
Bun.serve({ fetch: app.fetch, port, reusePort: true, development: false });
