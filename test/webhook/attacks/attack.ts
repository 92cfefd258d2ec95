import net from 'node:net';

/** The behavior of a hostile or broken client, and the answers that it may get. */
export interface Attack {
  name: string;
  /** Number of simultaneous connections; 1 if absent. */
  connections?: number;
  /** What the client does with its connection. */
  run: (socket: net.Socket) => void;
  /** Statuses that a connection may be answered with, joined by a space if it gets several; `''` means no answer. */
  expected: readonly string[];
  /**
   * Whether to watch the connection until it closes, because a second answer would be a finding. Otherwise it is
   * watched until its first answer.
   */
  untilClosed?: boolean;
}

/** Runs an attack, and returns the statuses that each of its connections was answered with. */
export async function runAttack(port: number, { connections = 1, run, untilClosed }: Attack): Promise<string[]> {
  return Promise.all(Array.from({ length: connections }, () => attackOnce(port, run, untilClosed === true)));
}

function attackOnce(port: number, run: Attack['run'], untilClosed: boolean): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => run(socket));
    let answer = '';
    const finish = (): void => {
      resolve([...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status).join(' '));
      socket.destroy();
    };
    socket.on('data', (part) => {
      answer += part;
      if (!untilClosed) finish();
    });
    socket.on('error', () => undefined);
    socket.on('close', finish);
  });
}
