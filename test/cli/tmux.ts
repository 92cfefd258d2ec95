import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { root } from '../code-blocks.js';

/** Whether a real terminal is available. */
export const hasTmux = spawnSync('tmux', ['-V']).status === 0;
if (!hasTmux) console.warn('skipped: tmux is not installed (apt-get install tmux)');

/** A run of the built command line in a real terminal. */
export interface TmuxRun {
  /** What the terminal shows. */
  screen(): string;
  /** Waits until the terminal shows a text, and returns the whole screen. */
  see(text: string | RegExp): Promise<string>;
  /** Presses a key, named as in tmux: `C-c`, `Up`, `d`. */
  press(key: string): void;
}

const sockets: string[] = [];

/** Runs a command in a shell that survives Ctrl-C. When the command ends, `exit N` shows its exit code. */
export function startInTmux(args: readonly string[], cwd: string, env: Record<string, string> = {}): TmuxRun {
  const socket = `segment-onesignal-${process.pid}-${sockets.length}-${Date.now()}`;
  sockets.push(socket);
  const tmux = (...rest: readonly string[]) =>
    execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...rest], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const variables = Object.entries(env).map(([name, value]) => `${name}='${value}'`);
  // CI systems set CI, which turns the progress off.
  const command = `env -u CI ${variables.join(' ')} '${process.execPath}' '${join(root, 'dist/cli/main.js')}' ${args.join(' ')}`;
  tmux(
    'new-session',
    '-d',
    '-x',
    '100',
    '-y',
    '24',
    '-c',
    cwd,
    `sh -c "trap : INT; ${command}; echo exit \\$?; sleep 600"`,
  );
  const screen = (): string => tmux('capture-pane', '-p', '-t', '0');
  return {
    screen,
    async see(text) {
      for (let tries = 0; tries < 600; tries++) {
        const shown = screen();
        if (typeof text === 'string' ? shown.includes(text) : text.test(shown)) return shown;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`The terminal never showed ${text}. It shows:\n${screen()}`);
    },
    press: (key) => void tmux('send-keys', '-t', '0', key),
  };
}

afterEach(() => {
  for (const socket of sockets.splice(0)) spawnSync('tmux', ['-L', socket, 'kill-server']);
});
