// The types of the module "rip", for editors.
declare module "rip" {
  export const pid: number;
  export const worker: number;
  export const env: Record<string, string | undefined>;
  export const tmpdir: string;
  export function requestTarget(): string;
  export function exit(code?: number): never;
  export function kill(signal?: string): void;
  export function cpuTime(): number;
  export function readFile(path: string): Uint8Array<ArrayBuffer>;
  export function readText(path: string): string;
  export function writeFile(path: string, data: string | ArrayBuffer | ArrayBufferView): void;
  export function appendFile(path: string, data: string | ArrayBuffer | ArrayBufferView): void;
  export function stat(path: string): { size: number; mtimeMs: number; isFile: boolean; isDirectory: boolean } | null;
  export function rename(from: string, to: string): void;
  export function mkdir(path: string): void;
  export function remove(path: string): void;
}
