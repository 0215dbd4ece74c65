// The app of the tests and benchmarks in TypeScript, for the embedded engine. Its
// paths, and what they mean, are those of examples/lab.
import { env } from "rip";
import { Exchange } from "./exchange";
import { Journal } from "./journal";
import { BadNumber, echo, pages } from "./pages";

const journal = env.LAB_JOURNAL ? new Journal(env.LAB_JOURNAL) : undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    const id = request.headers.get("x-lab-id");
    const exchange = new Exchange(request, () => {
      if (id) journal?.write("done", id);
    });
    if (id) journal?.write("start", id);
    try {
      const response = await (pages[exchange.path] ?? echo)(exchange);
      if (!exchange.streams) exchange.end();
      return response;
    } catch (error) {
      exchange.end();
      if (error instanceof BadNumber) return new Response(`${error.message}\n`, { status: 400 });
      throw error;
    }
  },
};
