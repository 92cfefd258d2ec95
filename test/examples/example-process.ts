import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach } from 'vitest';
import { root } from '../code-blocks.js';

/** An example that runs in its own process. */
export interface ExampleProcess {
  /** Everything it has printed. */
  output(): string;
  /** Sends a signal, waits for the end and returns the exit code, or `null` if the signal killed the process. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  /** Waits for the process to end. */
  ended(): Promise<number | null>;
}

const running: ChildProcess[] = [];

/** Starts an example and waits until it has printed its first expected output. */
export async function startExample(
  file: string,
  { env = {}, args = [], until = '' }: { env?: Record<string, string>; args?: string[]; until?: string },
): Promise<ExampleProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', `examples/${file}`, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  running.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const exit = once(child, 'exit');
  while (!text.includes(until)) {
    const ended = await Promise.race([exit, once(child.stdout, 'data').then(() => undefined)]);
    if (ended !== undefined && !text.includes(until)) throw new Error(`${file} ended before "${until}": ${text}`);
  }
  const ended = async (): Promise<number | null> => {
    await exit;
    return child.exitCode;
  };
  return {
    output: () => text,
    ended,
    async end(signal) {
      child.kill(signal);
      return ended();
    },
  };
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
