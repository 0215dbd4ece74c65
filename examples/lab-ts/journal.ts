import { appendFile, pid } from "rip";

const LINE = 128; // bytes of a line: a part of a page, so that it is written whole

/** A file that all workers append to: a line is one write. */
export class Journal {
  constructor(readonly path: string) {}

  write(what: "start" | "done", id: string) {
    const line = `${what} ${id} ${pid}`;
    if (line.length >= LINE) throw new Error(`X-Lab-Id ${id} is too long for the journal`);
    appendFile(this.path, line.padEnd(LINE - 1) + "\n");
  }
}
