// The module "rip". It is described in docs/javascript.md.
const host = __rip_host__;

const bytes = (data) => (data instanceof Uint8Array ? data : new Uint8Array(data));

export const { pid, worker, env, tmpdir } = host;

export const exit = (code = 0) => host.exit(code);
export const kill = (signal = 'SIGTERM') => host.kill(signal);
export const requestTarget = () => host.target();
export const cpuTime = () => host.cpuTime();

export const readFile = (path) => bytes(host.readFile(String(path)));
export const readText = (path) => new TextDecoder().decode(readFile(path));
export const writeFile = (path, data) => host.writeFile(String(path), content(data));
export const appendFile = (path, data) => host.appendFile(String(path), content(data));
export const stat = (path) => host.stat(String(path));
export const rename = (from, to) => host.rename(String(from), String(to));
export const mkdir = (path) => host.mkdir(String(path));
export const remove = (path) => host.remove(String(path));

function content(data) {
  if (typeof data === 'string' || data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  throw new TypeError('the data of a file is a string or bytes');
}
