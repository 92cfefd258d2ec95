import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../listen.js';
import { validateRequests } from '../openapi.js';
import { seededRandom } from '../seeded-random.js';
import { type Answer, answer, isJson, type Json, Refusal } from './answers.js';
import type { NewSubscription, Purchase } from './checks.js';
import { type AcceptedEvent, findEndpoint, type Segment, type State } from './endpoints.js';
import { connectionReset, drawFault, type Fault, type FaultRates, faultAnswer, pause } from './faults.js';
import { SlidingSecond, WriteTimes } from './meters.js';
import { type User, Users } from './users.js';

/** How strict the server is, and which faults it injects. */
export interface StrictOptions {
  /** The time in Unix milliseconds. @defaultValue Date.now, looked up at each request */
  now?: () => number;
  /** Maximum number of requests in any second. @defaultValue 1,000 */
  requestsPerSecond?: number;
  /** Maximum number of requests in flight. @defaultValue 64 */
  concurrency?: number;
  /** Minimum number of milliseconds between two writes to a user; 0 means no limit. @defaultValue 1,000 */
  userIntervalMs?: number;
  /** Maximum number of reads of users in any second. @defaultValue 1 */
  viewsPerSecond?: number;
  /** Maximum number of tags per user. @defaultValue no limit */
  tagLimit?: number;
  /** The effect of a user's 21st subscription. @defaultValue 'evict' */
  subscriptionLimit?: 'evict' | 'refuse';
  /** Seed of faults and latencies. @defaultValue 1 */
  seed?: number;
  /** The share of requests that each fault hits; can be changed later. @defaultValue none */
  faults?: FaultRates;
  /** Milliseconds that the fault `slow` delays an answer. @defaultValue 30,000 */
  slowMs?: number;
  /** Milliseconds until any answer. @defaultValue 0: as soon as the request is applied, without a timer */
  latencyMs?: (random: () => number) => number;
  /** Milliseconds for which the fault `freshUserHidden` hides a new user. @defaultValue 60,000 */
  freshMs?: number;
  /** Whether to validate requests against OneSignal's API description, if it is available. @defaultValue true */
  validate?: boolean;
}

/** The treatment of one request, which overrides the server's options. */
export interface Treatment {
  fault?: Fault;
  /** Milliseconds until its answer. */
  latencyMs?: number;
  /** Called as soon as the request is applied. */
  onApplied?: () => void;
}

/** A request as it arrived. */
export interface StrictRequest {
  at: number;
  method: string;
  /** Starts at `/apps` and includes the query. */
  path: string;
  /** A string if it is not JSON. */
  body?: unknown;
  fault?: Fault;
  /** Whether it was applied, even if its answer was lost. */
  isApplied: boolean;
  /** Absent while the request is in flight, and if its answer was lost. */
  status?: number;
}

/** Something that a correct client does not do. */
export interface StrictViolation {
  rule: 'user rate' | 'view rate' | 'request rate' | 'concurrency' | 'endpoint' | 'body' | 'properties' | 'headers';
  detail: string;
  request: StrictRequest;
}

/** A user as plain data. */
export interface StrictUser {
  onesignalId: string;
  externalId: string | undefined;
  /** Without `external_id`. */
  aliases: Record<string, string>;
  tags: Record<string, string>;
  profile: Json;
  subscriptions: Json[];
  purchases: Purchase[];
  sessionTime: number;
  sessionCount: number;
}

/** A user who exists before the test. */
export interface NewStrictUser {
  externalId?: string;
  aliases?: Record<string, string>;
  tags?: Record<string, string>;
  subscriptions?: Omit<NewSubscription, 'device'>[];
}

/** A OneSignal that stores what it receives, answers as OneSignal does, and records violations by the client. */
export interface StrictOneSignal {
  /** Replaces the global `fetch`. */
  readonly fetch: typeof globalThis.fetch;
  /** Replaces a transport, which is faster than going through `fetch`. */
  readonly send: (
    request: { method: string; path: string; body?: unknown },
    options: { signal: AbortSignal } & Treatment,
  ) => Promise<Answer>;
  readonly requests: StrictRequest[];
  readonly violations: StrictViolation[];
  /** In order of creation. */
  users(): StrictUser[];
  addUser(user: NewStrictUser): void;
  readonly segments: Map<string, Segment>;
  readonly events: AcceptedEvent[];
  faults: FaultRates;
  /** The most requests that were in flight at a time. */
  readonly peak: number;
  /** Serves `fetch` over HTTP on a free local port. */
  listen(): Promise<{ url: string; close(): Promise<void> }>;
}

export function createStrictOneSignal(options: StrictOptions = {}): StrictOneSignal {
  const { requestsPerSecond = 1_000, concurrency = 64, userIntervalMs = 1_000, viewsPerSecond = 1 } = options;
  const { slowMs = 30_000, validate = true, now = () => Date.now() } = options;
  const random = seededRandom(options.seed ?? 1);
  const state: State = {
    users: new Users(options.subscriptionLimit ?? 'evict'),
    segments: new Map(),
    events: [],
    keys: new Map(),
    tagLimit: options.tagLimit ?? Infinity,
    freshMs: options.freshMs ?? 60_000,
    now: 0,
    hidesFreshUsers: false,
  };
  const requests: StrictRequest[] = [];
  const violations: StrictViolation[] = [];
  const [all, views, writes] = [new SlidingSecond(), new SlidingSecond(), new WriteTimes()];
  let inFlight = 0;
  let peak = 0;

  async function serve(
    method: string,
    path: string,
    text: string | Promise<string>,
    signal: AbortSignal,
    problems: readonly string[],
    treatment: Treatment = {},
  ): Promise<Answer> {
    signal.throwIfAborted();
    const request: StrictRequest = { at: now(), method, path, isApplied: false };
    requests.push(request);
    const note = (rule: StrictViolation['rule'], detail: string) => void violations.push({ rule, detail, request });
    inFlight += 1;
    peak = Math.max(peak, inFlight);
    if (inFlight > concurrency) note('concurrency', `${inFlight} requests in flight`);
    const started = all.add(request.at);
    if (started > requestsPerSecond) note('request rate', `${started} requests in a second`);
    for (const problem of problems) note('headers', problem);

    try {
      const received = await text;
      signal.throwIfAborted();
      if (received !== '') request.body = parsed(received);
      const answered = take(request, note, treatment.fault ?? drawFault(server.faults, random));
      if (request.isApplied) treatment.onApplied?.();
      const latencyMs = treatment.latencyMs ?? options.latencyMs?.(random) ?? 0;
      const delayMs = (request.fault === 'slow' ? slowMs : 0) + latencyMs;
      if (delayMs > 0) await pause(delayMs, signal);
      if (answered === undefined) throw connectionReset();
      request.status = answered.status;
      return answered;
    } finally {
      inFlight -= 1;
    }
  }

  /** Judges a request and applies it. If there is no answer, the connection must be dropped. */
  function take(
    request: StrictRequest,
    note: (rule: StrictViolation['rule'], detail: string) => void,
    fault: Fault | undefined,
  ): Answer | undefined {
    const { at, method, path } = request;
    const { pathname, searchParams } = new URL(path, 'http://onesignal');
    const endpoint = findEndpoint(method, pathname);
    if (endpoint === undefined) {
      note('endpoint', `${method} ${pathname}`);
      return answer(404, { errors: ['Not found'] });
    }
    const body = request.body ?? {};
    const { kind, parameters, handle } = endpoint;
    if (validate) for (const complaint of validateRequests([request])) note('body', complaint);
    if (!isJson(body)) {
      note('body', 'the body must be a JSON object');
      return answer(400, { errors: ['the body must be a JSON object'] });
    }
    if (kind === 'view') {
      const seen = views.add(at);
      if (seen > viewsPerSecond) note('view rate', `${seen} reads of users in a second`);
    }
    const names = endpoint.writes(state, parameters, body);
    if (names.length > 0) {
      const sinceMs = writes.add(names, at);
      if (sinceMs < userIntervalMs) note('user rate', `${names.at(-1)}: ${sinceMs} ms after the last write`);
    }

    if (fault !== undefined) request.fault = fault;
    if (fault === 'dropBefore') return undefined;
    const replaced = fault === undefined ? undefined : faultAnswer(fault, random, kind !== 'other');
    if (replaced !== undefined) return replaced;

    state.now = at;
    state.hidesFreshUsers = fault === 'freshUserHidden';
    try {
      const answered = handle(state, parameters, body, searchParams);
      request.isApplied = true;
      return fault === 'dropAfter' ? undefined : answered;
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      if (thrown.rule !== undefined) note(thrown.rule, thrown.message);
      if (fault === 'dropAfter') return undefined;
      // A 400 for custom events has an empty body.
      return pathname.endsWith('/custom_events') ? answer(thrown.answer.status, {}) : thrown.answer;
    }
  }

  const server: StrictOneSignal = {
    async fetch(input, init) {
      const request = new Request(input, init);
      const { method, headers, signal, body } = request;
      signal.throwIfAborted();
      const { pathname, search } = new URL(request.url);
      const problems = headerProblems(headers.get('authorization'), body === null ? null : headers.get('content-type'));
      const text = body === null ? '' : request.text();
      const answered = await serve(method, `${pathname}${search}`, text, signal, problems);
      return new Response(textOf(answered), { status: answered.status, headers: headersOf(answered) });
    },
    send: ({ method, path, body }, { signal, ...treatment }) =>
      serve(method, path, body === undefined ? '' : JSON.stringify(body), signal, [], treatment),
    requests,
    violations,
    users: () => state.users.all().map(toStrictUser),
    addUser({ externalId, aliases = {}, tags = {}, subscriptions = [] }) {
      const user = state.users.create(-Infinity);
      if (externalId !== undefined) state.users.setAlias(user, 'external_id', externalId);
      for (const [label, id] of Object.entries(aliases)) state.users.setAlias(user, label, id);
      for (const [key, value] of Object.entries(tags)) user.tags.set(key, value);
      for (const subscription of subscriptions) state.users.put(user, { ...subscription, device: {} }, 0);
    },
    segments: state.segments,
    events: state.events,
    faults: options.faults ?? {},
    get peak() {
      return peak;
    },
    listen: () => listenTo(serve),
  };
  return server;
}

function parsed(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch {
    return text;
  }
}

function headerProblems(authorization: string | null | undefined, contentType: string | null | undefined): string[] {
  const problems: string[] = [];
  if (!/^Key \S+$/.test(authorization ?? '')) problems.push('authorization must be "Key" and a key');
  if (contentType !== null && !/^application\/json\b/.test(contentType ?? ''))
    problems.push('content-type must be application/json');
  return problems;
}

function textOf({ body }: Answer): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function headersOf({ body, headers }: Answer): Record<string, string> {
  return { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json', ...headers };
}

function toStrictUser({ onesignalId, aliases, tags, profile, subscriptions, ...rest }: User): StrictUser {
  const { external_id: externalId, ...others } = Object.fromEntries(aliases);
  return {
    onesignalId,
    externalId,
    aliases: others,
    tags: Object.fromEntries(tags),
    profile: Object.fromEntries(profile),
    subscriptions: [...subscriptions].map(({ type, token, enabled, notification_types, device }) => ({
      ...{ type, token, enabled, notification_types, ...device },
    })),
    purchases: [...rest.purchases],
    sessionTime: rest.sessionTime,
    sessionCount: rest.sessionCount,
  };
}

type Serve = (
  method: string,
  path: string,
  text: Promise<string>,
  signal: AbortSignal,
  problems: readonly string[],
) => Promise<Answer>;

/** Serves over real HTTP. If the answer is dropped, the connection is cut. */
function listenTo(serve: Serve): Promise<{ url: string; close(): Promise<void> }> {
  return listen(createServer((incoming, response) => void respond(serve, incoming, response)));
}

async function respond(serve: Serve, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '', headers } = incoming;
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const contentType = headers['content-length'] === undefined ? null : headers['content-type'];
  const problems = headerProblems(headers.authorization, contentType);
  try {
    const answered = await serve(method, url, textFrom(incoming), gone.signal, problems);
    response.writeHead(answered.status, headersOf(answered)).end(textOf(answered));
  } catch {
    response.destroy();
  }
}

async function textFrom(incoming: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
