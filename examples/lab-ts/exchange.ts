import { requestTarget } from "rip";

/** A request, and the end of its response. */
export class Exchange {
  readonly path: string;
  readonly query: string;
  streams = false;
  #atEnd?: () => void;

  constructor(readonly request: Request) {
    const target = requestTarget(); // the URL has no dots in its path
    const mark = target.indexOf("?");
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.query = mark < 0 ? "" : target.slice(mark);
  }

  atEnd(run: () => void) {
    this.#atEnd = run;
  }

  end() {
    this.#atEnd?.();
    this.#atEnd = undefined;
  }

  /** A body of parts, which next gives one by one; undefined is the end. */
  stream(next: () => Uint8Array | undefined | Promise<Uint8Array | undefined>): ReadableStream<Uint8Array> {
    this.streams = true;
    return new ReadableStream({
      pull: async (controller) => {
        const part = await next();
        if (part !== undefined) {
          controller.enqueue(part);
          return;
        }
        this.end();
        controller.close();
      },
      cancel: () => this.end(),
    });
  }
}
