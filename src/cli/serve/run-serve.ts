import { once } from 'node:events';
import type { Server } from 'node:http';
import { createDestination, type Deliverer, type Hooks } from 'segment-onesignal';
import type { WebhookOptions } from 'segment-onesignal/webhook';
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
  const settings = await readSettings(flags, terminal);
  const webhook = webhookOptionsOf(settings, flags);
  const sandbox = flags.sandbox === true ? createSandboxServer({ unknownUsers: 'known' }) : undefined;
  const baseUrl = sandbox === undefined ? undefined : await listen(sandbox.server, 0, '127.0.0.1');
  const metrics = createMetrics();
  const fleet = flags.redis === undefined ? undefined : await joinFleet(settings, flags, terminal);
  const destination = fleet?.receiver ?? destinationOf(settings, baseUrl, { onAttempt: metrics.attempt });
  const quit = new AbortController();
  const signal = AbortSignal.any([terminal.signal, quit.signal]);
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
  const title = `Receiving at ${url}${baseUrl === undefined ? '' : `, sandbox at ${baseUrl}`}`;
  if (terminal.isInteractive && terminal.stdin.isTTY === true)
    view = startLiveView(terminal, destination, title, () => quit.abort());
  else terminal.stderr.write(`${title}. Health: /healthz, /readyz. Metrics: /metrics.\n`);
  await untilAborted(signal);
  view?.stop();
  await closeServer(server, shutdownMs);
  fleet?.leave();
  sandbox?.close();
  if (sandbox !== undefined) await closeServer(sandbox.server, 0);
  return exitCodes.ok;
}

function webhookOptionsOf({ secrets, tokens, writeKeys }: Settings, { allowUnsigned }: ServeFlags): WebhookOptions {
  if (secrets !== undefined) return { secrets, tokens, writeKeys };
  if (tokens !== undefined) return { tokens, writeKeys };
  if (writeKeys !== undefined) return { writeKeys };
  if (allowUnsigned === true) return { allowUnsigned };
  throw new CommandError(
    'Nothing says who may send events. Set SEGMENT_SHARED_SECRET, or tokens or writeKeys in the config file, or pass --allow-unsigned while you develop.',
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
