import { gzipSync } from 'node:zlib';

/** One HTTP/1.1 request as bytes. Its connection closes after the answer. */
export function requestOf(path: string, headers: Record<string, string>, body: string | Uint8Array): Buffer {
  const fields = { host: 'receiver.test', connection: 'close', 'content-length': Buffer.byteLength(body), ...headers };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${head.join('')}\r\n`), Buffer.from(body)]);
}

/** The same request with its body compressed: a few kilobytes that become megabytes. */
export function gzippedRequestOf(path: string, headers: Record<string, string>, body: string | Uint8Array): Buffer {
  return requestOf(path, { 'content-encoding': 'gzip', ...headers }, gzipSync(body));
}
