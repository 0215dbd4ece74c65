import { cpuTime, env, exit, kill, mkdir, pid, readFile, rename, stat, tmpdir, writeFile } from "rip";
import type { Exchange } from "./exchange";

type Page = (exchange: Exchange) => Response | Promise<Response>;

export class BadNumber extends Error {}

const PERIOD = 251;
const BLOCK = new Uint8Array(PERIOD * 256).map((_, i) => i % PERIOD); // a whole number of periods
const kept: Uint8Array[] = [];

const sleep = (ms: number) => new Promise<void>((go) => setTimeout(go, ms));
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** A number from the query, 0 when it is not there. */
function number({ query }: Exchange, name: string): number {
  const text = new URLSearchParams(query).get(name) || "0";
  if (!/^\d+$/.test(text)) throw new BadNumber(`${name} is "${text}", not a number`);
  return Number(text);
}

/** Says what it received. */
export async function echo({ request, path, query }: Exchange): Promise<Response> {
  const body = await request.arrayBuffer();
  const headers: Record<string, string[]> = {};
  for (const [name, value] of request.headers) {
    const shown = name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
    (headers[shown] ??= []).push(value);
  }
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return Response.json({
    method: request.method,
    target: path + query,
    headers,
    size: body.byteLength,
    sha256: Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    worker: Number(env.RIP_WORKER ?? 0),
    pid,
  });
}

/** The first n bytes of the pattern, a block at a time. */
function pattern(n: number): () => Uint8Array | undefined {
  return () => {
    if (n === 0) return undefined;
    const part = BLOCK.slice(0, Math.min(n, BLOCK.length));
    n -= part.length;
    return part;
  };
}

function bytes(exchange: Exchange): Response {
  const n = number(exchange, "n");
  const headers = { "content-type": "application/octet-stream", "content-length": String(n) };
  return new Response(exchange.stream(pattern(n)), { headers });
}

function file(exchange: Exchange): Response {
  const n = number(exchange, "n");
  const folder = `${tmpdir}/rip-lab`;
  const path = `${folder}/${n}.bin`;
  if (stat(path)?.size !== n) {
    mkdir(folder);
    const content = new Uint8Array(n);
    const next = pattern(n);
    let at = 0;
    for (let part = next(); part !== undefined; part = next()) {
      content.set(part, at);
      at += part.length;
    }
    const draft = `${path}.${pid}`;
    writeFile(draft, content);
    rename(draft, path);
  }
  return new Response(readFile(path), { headers: { "content-type": "application/octet-stream" } });
}

function stream(exchange: Exchange): Response {
  const n = number(exchange, "n");
  const ms = number(exchange, "ms");
  let i = 0;
  const body = exchange.stream(async () => {
    if (i > 0 && i < n) await sleep(ms);
    return i < n ? bytesOf(`part ${i++}\n`) : undefined;
  });
  return new Response(body, { headers: { "content-type": "text/plain; charset=utf-8" } });
}

/** Spends CPU time, however long that takes on a busy machine. */
function cpu(exchange: Exchange): Response {
  const ms = number(exchange, "ms");
  let sum = 0;
  for (const begin = cpuTime(); cpuTime() - begin < ms; ) {
    for (let i = 0; i < 10_000; i++) sum = (sum * 31 + i) | 0;
  }
  return new Response(`spent ${ms} ms on ${sum}\n`);
}

function abort(exchange: Exchange): Response {
  let begun = false;
  return new Response(
    exchange.stream(async () => {
      if (!begun) {
        begun = true;
        return bytesOf("the first half of it");
      }
      // A server that learns of both at once may still answer with an error.
      await sleep(100);
      kill("SIGKILL");
    }),
  );
}

export const pages: Record<string, Page> = {
  "/ping": () => new Response("pong"),
  "/json": () => {
    const headers = { "content-type": "application/json" };
    return new Response('{"message":"Hello, World!","list":[1,2,3]}\n', { headers });
  },
  "/echo": echo,
  "/pid": () => new Response(String(pid)),
  "/sleep": async (exchange) => {
    const ms = number(exchange, "ms");
    await sleep(ms);
    return new Response(`slept ${ms} ms\n`);
  },
  "/cpu": cpu,
  "/bytes": bytes,
  "/stream": stream,
  "/file": file,
  "/panic": () => {
    throw new Error("the lab was asked to panic");
  },
  "/exit": (exchange) => exit(number(exchange, "code")),
  "/abort": abort,
  "/hang": () => new Promise(() => setInterval(() => {}, 60_000)), // whatever happens
  "/alloc": (exchange) => {
    kept.push(new Uint8Array(number(exchange, "mb") << 20).fill(1)); // memory that nobody touched is not there yet
    return new Response(`${kept.length} blocks\n`);
  },
  "/log": ({ query }) => {
    console.log(new URLSearchParams(query).get("line") ?? "");
    return new Response("printed\n");
  },
};
