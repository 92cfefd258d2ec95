import { once } from 'node:events';
import type { Server } from 'node:http';
import { createDestination, type Deliverer, type Hooks } from 'segment-onesignal';
import type { WebhookHandlerOptions } from 'segment-onesignal/webhook';
import { CommandError } from '../command-error.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { createSandboxServer } from '../sandbox/sandbox-server.js';
import { listen, untilAborted } from '../serving/listen.js';
import type { SettingsFlags } from '../settings/flags.js';
import { createTransport, readSettings, requireAccess, type Settings } from '../settings/settings.js';
import type { Terminal } from '../terminal/terminal.js';
import { joinFleet } from './join-fleet.js';
import { type LiveView, startLiveView } from './live-view.js';
import { createMetrics } from './metrics.js';
import { type Answer, createReceiver } from './receiver.js';

/** The flags of `serve`, as commander reads them. */
export interface ServeFlags extends SettingsFlags {
  readonly port: number;
  readonly host: string;
  readonly sandbox?: boolean | undefined;
  readonly redis?: string | true | undefined;
  readonly queue?: string | undefined;
  readonly allowUnsigned?: boolean | undefined;
}

/** Requests in progress are answered within 5 seconds, because Segment waits no longer. */
const shutdownMs = 8_000;
/** A sandbox takes any app. */
const sandboxAppId = '00000000-0000-4000-8000-000000000000';

/** Serves until it is stopped, then answers what it has received. */
export async function runServe(flags: ServeFlags, terminal: Terminal): Promise<ExitCode> {
  if (flags.queue !== undefined && flags.redis === undefined) throw new CommandError('--queue needs --redis.');
  const settings = await readSettings(flags, terminal);
  const webhook = webhookOptionsOf(settings, flags);
  const metrics = createMetrics();
  // Undone in reverse order, also if a later step fails: what stays open keeps the process alive.
  const opened: (() => unknown)[] = [];
  try {
    const sandboxUrl = flags.sandbox === true ? await openSandbox(opened) : undefined;
    const fleet = flags.redis === undefined ? undefined : await joinFleet(settings, flags, terminal);
    if (fleet !== undefined) opened.push(fleet.leave);
    const destination = fleet?.receiver ?? destinationOf(settings, sandboxUrl, { onAttempt: metrics.attempt });
    const quit = new AbortController();
    let view: LiveView | undefined;
    const server = createReceiver({
      destination,
      webhook,
      metrics,
      moreMetrics: fleet?.metrics,
      onAnswer: (answer) => (view === undefined ? logAnswer(terminal, answer) : undefined),
      onOutcome: (event, outcome) => view?.add(event, outcome),
    });
    const url = await listen(server, flags.port, flags.host);
    opened.push(() => closeServer(server, shutdownMs));
    const title = `Receiving at ${url}${sandboxUrl === undefined ? '' : `, sandbox at ${sandboxUrl}`}`;
    if (terminal.isInteractive && terminal.stdin.isTTY === true) {
      view = startLiveView(terminal, destination, title, () => quit.abort());
      opened.push(view.stop);
    } else terminal.stderr.write(`${title}. Health: /healthz, /readyz. Metrics: /metrics.\n`);
    await untilAborted(AbortSignal.any([terminal.signal, quit.signal]));
    return exitCodes.ok;
  } finally {
    for (const undo of opened.toReversed()) await undo();
  }
}

async function openSandbox(opened: (() => unknown)[]): Promise<string> {
  const { server, close } = createSandboxServer({ unknownUsers: 'known' });
  const url = await listen(server, 0, '127.0.0.1');
  opened.push(() => closeServer(server, 0), close);
  return url;
}

function webhookOptionsOf(
  { secrets, tokens, writeKeys }: Settings,
  { allowUnsigned }: ServeFlags,
): WebhookHandlerOptions {
  if (allowUnsigned === true) return { secrets, tokens, writeKeys, allowUnsigned };
  if (secrets !== undefined) return { secrets, tokens, writeKeys };
  if (tokens !== undefined) return { tokens, writeKeys };
  if (writeKeys !== undefined) return { writeKeys };
  throw new CommandError(
    'No check for incoming events is set. Set SEGMENT_SHARED_SECRET, WEBHOOK_TOKEN or WEBHOOK_WRITE_KEY, or pass --allow-unsigned during development.',
  );
}

function destinationOf(settings: Settings, sandboxUrl: string | undefined, hooks: Hooks): Deliverer {
  const used =
    sandboxUrl === undefined ? settings : { appId: sandboxAppId, ...settings, baseUrl: sandboxUrl, apiKey: undefined };
  const { appId = sandboxAppId } = sandboxUrl === undefined ? requireAccess(used) : used;
  const { mapping, delivery } = settings;
  return createDestination({ appId, transport: createTransport({ ...used, appId }), mapping, delivery, hooks });
}

/** One line of JSON, for log collectors. */
function logAnswer({ stdout }: Terminal, answer: Answer): void {
  if (answer.endpoint === 'health' || answer.endpoint === 'ready' || answer.endpoint === 'metrics') return;
  stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...answer })}\n`);
}

/** Answers what is in progress, then cuts what is left. */
async function closeServer(server: Server, timeoutMs: number): Promise<void> {
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
  await once(server, 'close');
  clearTimeout(timer);
}
