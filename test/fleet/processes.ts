import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../code-blocks.js';

/** A process of the harness. */
export interface HarnessProcess {
  readonly pid: number;
  readonly output: () => string;
  /** The port it listens on. */
  readonly port: number;
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** The programs, bundled once because tsx would take a second of CPU per start. */
export interface Programs {
  start(name: 'onesignal' | 'receiver' | 'worker', env: Record<string, string | undefined>): Promise<HarnessProcess>;
  /** Ends the processes that are still running. */
  close(): Promise<void>;
}

export async function buildPrograms(): Promise<Programs> {
  const outdir = mkdtempSync(join(tmpdir(), 'fleet-'));
  await build({
    entryPoints: ['onesignal', 'receiver', 'worker'].map((name) => join(root, `test/fleet/processes/${name}.ts`)),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outdir,
    outExtension: { '.js': '.mjs' },
    // CommonJS packages bundled into an ES module load built-ins with require.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    tsconfig: join(root, 'tsconfig.json'),
    logLevel: 'error',
  });
  const running = new Set<ChildProcess>();
  return {
    async start(name, env) {
      const child = spawn(process.execPath, [join(outdir, `${name}.mjs`)], {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      running.add(child);
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
      });
      const exit = once(child, 'exit').then(() => void running.delete(child));
      while (!/^(?:port|ready)/m.test(output)) await Promise.race([once(child.stdout, 'data'), exit]);
      return {
        pid: child.pid ?? 0,
        output: () => output,
        port: Number(/^port (\d+)/m.exec(output)?.[1]),
        signal: (signal) => void child.kill(signal),
        async end(signal) {
          child.kill('SIGCONT');
          child.kill(signal);
          await exit;
        },
      };
    },
    async close() {
      for (const child of running) {
        child.kill('SIGKILL');
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      }
      rmSync(outdir, { recursive: true });
    },
  };
}
