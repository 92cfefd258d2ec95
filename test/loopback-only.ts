import net from 'node:net';

/**
 * A test that reached OneSignal or Segment would be slow and flaky, and might change someone's data, so a connection
 * to any other machine throws.
 */
const connect = net.Socket.prototype.connect;
const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|::1|\[::1\])$/i.test(host);

net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
  const [first] = args.flat();
  const options: { host?: unknown; path?: unknown } = typeof first === 'object' && first !== null ? first : {};
  const host = typeof options.host === 'string' ? options.host : typeof args[1] === 'string' ? args[1] : 'localhost';
  if (options.path === undefined && !isLoopback(host)) throw new Error(`tests talk to loopback only, not to ${host}`);
  return Reflect.apply(connect, this, args);
} as typeof connect;
