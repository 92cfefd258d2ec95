import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../code-blocks.js';

/** A run of the built command line in its own process. */
export interface CliProcess {
  readonly child: ChildProcess;
  /** Resolves when it ends, to its exit code or to `null` if it was killed. */
  readonly ended: Promise<number | null>;
  output(): string;
  /** Its peak memory in bytes; 0 if the system does not report it. */
  peakBytes(): number;
}

export function startCliProcess(args: readonly string[], cwd: string): CliProcess {
  const child = spawn(process.execPath, [join(root, 'dist/cli/main.js'), ...args], { cwd, env: {} });
  let output = '';
  let peakBytes = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
  }, 250);
  const ended = once(child, 'exit').then(([code]) => {
    clearInterval(timer);
    return typeof code === 'number' ? code : null;
  });
  return { child, ended, output: () => output, peakBytes: () => peakBytes };
}

/** The kernel keeps the highest value, so nothing is missed between two readings. */
function peakOf(pid: number | undefined): number {
  try {
    const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return 0;
  }
}
