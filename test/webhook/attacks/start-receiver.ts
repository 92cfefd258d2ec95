import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { signatureOf } from '../receiver.js';

/** A program that listens, and a request that it must accept as long as it is healthy. */
export interface ReceiverProgram {
  file: URL;
  path: string;
  headers: Record<string, string>;
  body: string;
}

const event = JSON.stringify({ type: 'page', userId: 'u1' });
const webhook: ReceiverProgram = {
  file: new URL('receiver-process.ts', import.meta.url),
  path: '/segment',
  headers: { 'x-signature': signatureOf(event, 'shh') },
  body: event,
};

/** A receiver that runs in its own process. */
export interface ReceiverProcess {
  port: number;
  /** Whether the process is still running, accepts an event from an authorized sender and was not tampered with. */
  isHealthy(): Promise<boolean>;
  /** Its peak memory, if the system reports it. */
  peakMemory(): string;
  stop(): Promise<void>;
}

/** Starts a receiver with a limited heap, in its own process. */
export async function startReceiver(program = webhook, heapMb = 512): Promise<ReceiverProcess> {
  const { path, headers, body } = program;
  const file = fileURLToPath(program.file);
  const child = spawn(process.execPath, [`--max-old-space-size=${heapMb}`, '--import', 'tsx', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await portOf(child);
  return {
    port,
    async isHealthy() {
      if (child.exitCode !== null || child.signalCode !== null) return false;
      const url = `http://127.0.0.1:${port}`;
      const requests = [fetch(`${url}/health`), fetch(url + path, { method: 'POST', headers, body })];
      const responses = await Promise.all(requests).catch(() => []);
      return responses.length === 2 && responses.every(({ status }) => status === 200);
    },
    peakMemory() {
      const status = existsSync(`/proc/${child.pid}/status`) ? readFileSync(`/proc/${child.pid}/status`, 'utf8') : '';
      return /VmHWM:\s*(.+)/.exec(status)?.[1] ?? 'unknown';
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('The output of the receiver is not piped');
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('The receiver ended before it listened')));
  const [line] = await Promise.race([once(child.stdout, 'data'), ended]);
  return Number(String(line));
}
