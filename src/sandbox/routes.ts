import { Hono } from 'hono/tiny';
import { checkAuthorization, checkContentType } from './access.js';
import { basicError, type Family, familyOf, inBasicEnvelope, invalid, Refused } from './answers.js';
import { type App, findUserToWrite } from './app.js';
import { invalidEvents, receiveEvents } from './custom-events.js';
import { deleteAlias, updateIdentity, viewIdentity } from './endpoints/identity-endpoints.js';
import { listSegments, viewSegment } from './endpoints/segment-views.js';
import {
  addSubscription,
  deleteSubscription,
  moveSubscription,
  updateOwner,
  updateSubscription,
  updateSubscriptionByToken,
  viewOwner,
} from './endpoints/subscription-endpoints.js';
import { createUser, deleteUser, updateUser, viewUserByAlias } from './endpoints/user-endpoints.js';
import { invalidSegment } from './segments/filter.js';
import { createSegment, deleteSegment, updateSegment } from './segments/segments.js';
import { notImplemented } from './unimplemented.js';

/** The parts of a request that endpoints use besides its method and headers. */
export interface ReceivedRequest {
  /** From `/apps` on, percent-encoded, without a query. */
  path: string;
  query: URLSearchParams;
  /** The body, parsed only by the endpoints that need it. */
  text: string;
  bytes: number;
}

type Router = Hono<{ Bindings: ReceivedRequest }>;

/**
 * Creates the function that answers requests to one app. What an endpoint refuses is an answer too; nothing is thrown.
 */
export function createRoutes(app: App): (request: Request, received: ReceivedRequest) => Response | Promise<Response> {
  // Hono's own getPath decodes the path once before matching, and a `%2F` in an External ID must not become a slash.
  const router: Router = new Hono({ getPath: (_request, context) => pathOf(context?.env) });
  addUserRoutes(router, app);
  addSubscriptionRoutes(router, app);
  addSegmentRoutes(router, app);
  router.post('/apps/:app/custom_events', ({ env }) =>
    receiveEvents(
      app.events,
      readJson(env),
      env.bytes,
      (label, id) => findUserToWrite(app, label, id),
      app.clock.now(),
    ),
  );
  router.notFound(({ req, env }) => notImplemented(req.method, env.path));
  router.onError((thrown) =>
    thrown instanceof Refused ? thrown.response : basicError(500, 'The sandbox failed. Please report it.'),
  );

  return (request, received) => {
    try {
      const appId = /^\/apps\/([^/]+)/.exec(received.path)?.[1];
      if (appId === undefined) return notImplemented(request.method, received.path);
      checkAuthorization(familyOf(received.path), appId, request.headers.get('authorization'), app.options.apiKey);
      return router.fetch(request, received);
    } catch (thrown) {
      if (thrown instanceof Refused) return thrown.response;
      throw thrown;
    }
  };
}

const user = '/apps/:app/users/by/:label/:id';

function addUserRoutes(router: Router, app: App): void {
  router.post('/apps/:app/users', ({ req, env }) => createUser(app, req.param('app'), readJson(env)));
  router.get(user, ({ req }) => viewUserByAlias(app, req.param('app'), req.param('label'), req.param('id')));
  router.patch(user, ({ req, env }) => updateUser(app, req.param('label'), req.param('id'), readJson(env)));
  router.delete(user, ({ req }) => deleteUser(app, req.param('label'), req.param('id')));

  router.get(`${user}/identity`, ({ req }) => viewIdentity(app, req.param('label'), req.param('id')));
  router.patch(`${user}/identity`, ({ req, env }) =>
    updateIdentity(app, req.param('label'), req.param('id'), readJson(env)),
  );
  router.delete(`${user}/identity/:aliasLabel`, ({ req }) =>
    deleteAlias(app, req.param('label'), req.param('id'), req.param('aliasLabel')),
  );
}

function addSubscriptionRoutes(router: Router, app: App): void {
  const subscription = '/apps/:app/subscriptions/:id';

  router.post(`${user}/subscriptions`, ({ req, env }) =>
    inBasicEnvelope(() => addSubscription(app, req.param('app'), req.param('label'), req.param('id'), readJson(env))),
  );
  router.patch(subscription, ({ req, env }) => updateSubscription(app, req.param('id'), readJson(env)));
  router.delete(subscription, ({ req }) => deleteSubscription(app, req.param('id')));
  router.patch('/apps/:app/subscriptions_by_token/:type/:token', ({ req, env }) =>
    updateSubscriptionByToken(app, req.param('type'), req.param('token'), readJson(env)),
  );

  router.patch(`${subscription}/owner`, ({ req, env }) =>
    inBasicEnvelope(() => moveSubscription(app, req.param('id'), readJson(env))),
  );
  router.get(`${subscription}/user/identity`, ({ req }) => viewOwner(app, req.param('id')));
  router.patch(`${subscription}/user/identity`, ({ req, env }) => updateOwner(app, req.param('id'), readJson(env)));
}

function addSegmentRoutes(router: Router, app: App): void {
  const segments = '/apps/:app/segments';

  router.post(segments, ({ req, env }) => {
    checkContentType(req.header('content-type') ?? null);
    return createSegment(app.segments, readJson(env), app.options, app.clock.now());
  });
  router.get(segments, ({ req, env }) => listSegments(app, req.param('app'), env.query));
  router.get(`${segments}/:id`, ({ req, env }) => viewSegment(app, req.param('id'), env.query));
  router.patch(`${segments}/:id`, ({ req, env }) => {
    checkContentType(req.header('content-type') ?? null);
    return updateSegment(app.segments, req.param('id'), readJson(env), app.options, app.clock.now());
  });
  router.delete(`${segments}/:id`, ({ req }) => deleteSegment(app.segments, req.param('id')));
}

/** Hono types the environment of `getPath` as `any`. */
function pathOf(env: unknown): string {
  return typeof env === 'object' && env !== null && 'path' in env && typeof env.path === 'string' ? env.path : '/';
}

function readJson({ path, text }: ReceivedRequest): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch {
    throw invalidJson(familyOf(path));
  }
}

/** docs/onesignal.md 7: each family has a 400 of its own. */
function invalidJson(family: Family): Refused {
  if (family === 'segments') return invalidSegment('the body is not valid JSON');
  return family === 'custom_events' ? invalidEvents() : invalid('the body is not valid JSON');
}
