import type { OneSignalCustomEvent } from '../onesignal/operation.js';
import { basicError } from './answers.js';
import { createApp } from './app.js';
import { readBody } from './body.js';
import { answerFault, connectionReset, createFaults, pause } from './faults.js';
import { type LoggedRequest, logRequest, toSandboxRequest } from './log.js';
import type { Fault, NewSandboxUser, SandboxOptions, SandboxRequest, SandboxSegment, SandboxUser } from './options.js';
import { toSandboxSegments, toSandboxUser } from './readers.js';
import { createRoutes } from './routes.js';
import { applyTags } from './tags.js';

const METHODS: readonly SandboxRequest['method'][] = ['GET', 'POST', 'PATCH', 'DELETE'];

/** One OneSignal app in memory, whatever app id the requests name. What its readers give are copies. */
export interface Sandbox {
  /**
   * OneSignal, called as the web's `fetch`: any host, with or without `/api/v1` before `/apps`. An abort rejects as it does there.
   *
   * Give it to a client as its `fetch`, or serve it by `createServer(toNodeListener(sandbox.fetch))`. In an msw handler:
   * `http.all('https://api.onesignal.com/*', ({ request }) => sandbox.fetch(request).catch(() => Response.error()))`.
   */
  readonly fetch: typeof globalThis.fetch;
  /**
   * Makes something go wrong: `fail({ status: 429, headers: { 'retry-after': '2' }, times: 1 })`.
   *
   * @returns Its undo.
   * @throws RangeError if the status is none.
   */
  fail(fault: Fault): () => void;
  /** Adds a user, or replaces the one with that external id; requests find it at once. */
  addUser(user: NewSandboxUser): void;
  /** The user with that external id, also before requests find it ({@link SandboxOptions.visibleAfterMs}). */
  user(externalId: string): SandboxUser | undefined;
  /** All users that have an external id, in order of creation. */
  users(): SandboxUser[];
  /** All segments in order of creation, with their members of this moment. */
  segments(): SandboxSegment[];
  /** All custom events that were taken, in order of arrival, each idempotency key once. */
  customEvents(): OneSignalCustomEvent[];
  /** The last 100,000 requests in order of arrival, paths from `/apps` on; bodies as JSON, or as text where they are none. */
  requests(): SandboxRequest[];
}

/**
 * Starts an empty OneSignal in memory. It holds no timer and no socket; the clock is read when a request comes, so fake timers work.
 *
 * @param options - How strict it is; without them it takes any key and has no plan.
 * @returns The sandbox, which nobody else shares.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { toNodeListener } from 'segment-onesignal/node';
 * import { createSandbox } from 'segment-onesignal/sandbox';
 *
 * const sandbox = createSandbox({ apiKey: 'test-key', rateLimits: true, tagLimit: 10 });
 * createServer(toNodeListener(sandbox.fetch)).listen(8080);
 * ```
 *
 * @see {@link https://documentation.onesignal.com/reference/rest-api-overview | OneSignal: REST API}
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const app = createApp({ ...options });
  const routes = createRoutes(app);
  const faults = createFaults(options.seed ?? 1);
  const log: LoggedRequest[] = [];

  return {
    async fetch(input, init) {
      const request = input instanceof Request && init === undefined ? input : new Request(input, init);
      const { signal } = request;
      signal.throwIfAborted();
      const method = METHODS.find((known) => known === request.method);
      if (method === undefined) return basicError(404, 'Not found');
      const { pathname, search, searchParams } = new URL(request.url);
      const path = pathname.replace(/^\/api\/v1(?=\/)/, '');
      const at = Date.now();
      const body = await readBody(request);
      const logged: LoggedRequest = { method, path: `${path}${search}`, text: body?.text ?? '', at };
      logRequest(log, logged);

      const { delayMs, end } = faults.meet(() => toSandboxRequest(logged));
      if (delayMs > 0) await pause(delayMs, signal);
      signal.throwIfAborted();
      if (end !== undefined && 'drop' in end && end.drop === 'before') throw connectionReset();
      const response = await respond();
      if (end !== undefined && 'drop' in end) throw connectionReset();
      logged.status = response.status;
      return response;

      function respond(): Response | Promise<Response> {
        if (end !== undefined && 'status' in end) return answerFault(end, path);
        if (!isDecodable(path)) return basicError(400, 'Request is malformed: the path is not percent-encoded');
        // docs/onesignal.md 7: no 413 is documented; it is the sandbox that has had enough.
        if (body === undefined) return basicError(413, 'The body is too large for the sandbox.');
        return routes(request, { path, query: searchParams, ...body });
      }
    },
    fail: (fault) => faults.add(fault),
    addUser({ externalId, tags = {}, aliases = {} }) {
      const before = app.users.find('external_id', externalId);
      if (before !== undefined) {
        for (const subscription of [...before.subscriptions]) app.subscriptions.delete(subscription);
        app.users.delete(before);
      }
      const user = app.users.create(new Map([...Object.entries(aliases), ['external_id', externalId]]), 0);
      applyTags(user.tags, new Map(Object.entries(tags)));
    },
    user: (externalId) => toSandboxUser(app.users.find('external_id', externalId))[0],
    users: () => [...app.users.all()].flatMap(toSandboxUser),
    segments: () => toSandboxSegments(app),
    customEvents: () => app.events.received.map((event) => structuredClone(event)),
    requests: () => log.map(toSandboxRequest),
  };
}

/** Hono decodes what it can of a broken path, and so would find a user that nobody named. */
function isDecodable(path: string): boolean {
  if (!path.includes('%')) return true;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
