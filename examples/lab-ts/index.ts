// The app of the tests and benchmarks in TypeScript, for the embedded engine. Its
// paths, and what they mean, are those of examples/lab.
import { env } from "rip";
import { Exchange } from "./exchange";
import { Journal } from "./journal";
import { BadNumber, echo, pages } from "./pages";

const journal = env.LAB_JOURNAL ? new Journal(env.LAB_JOURNAL) : undefined;

async function serve(exchange: Exchange): Promise<Response> {
  try {
    return await (pages[exchange.path] ?? echo)(exchange);
  } catch (error) {
    if (error instanceof BadNumber) return new Response(`${error.message}\n`, { status: 400 });
    throw error;
  }
}

/** Writes down when a request begins and ends, also when it fails. */
async function noted(exchange: Exchange, id: string, journal: Journal): Promise<Response> {
  exchange.atEnd(() => journal.write("done", id));
  journal.write("start", id);
  let response: Response | undefined;
  try {
    response = await serve(exchange);
    return response;
  } finally {
    if (response === undefined || !exchange.streams) exchange.end();
  }
}

export default {
  fetch(request: Request): Promise<Response> {
    const exchange = new Exchange(request);
    const id = journal && request.headers.get("x-lab-id");
    return id ? noted(exchange, id, journal) : serve(exchange);
  },
};
