import { Hono } from 'hono/tiny';
import { checkAccess, checkContentType } from './access.js';
import { basicError, type Family, familyOf, inBasicEnvelope, invalid, Refused } from './answers.js';
import { type App, findUserToWrite } from './app.js';
import { invalidEvents, receiveEvents } from './custom-events.js';
import { invalidSegment } from './filter.js';
import { deleteAlias, updateIdentity, viewIdentity } from './identity-endpoints.js';
import { listSegments, viewSegment } from './segment-views.js';
import { createSegment, deleteSegment, updateSegment } from './segments.js';
import {
  addSubscription,
  deleteSubscription,
  moveSubscription,
  updateOwner,
  updateSubscription,
  updateSubscriptionByToken,
  viewOwner,
} from './subscription-endpoints.js';
import { createUser, deleteUser, updateUser, viewUser } from './user-endpoints.js';

/** A request as the endpoints see it. */
export interface Call {
  /** From `/apps` on, percent-encoded, without a query. */
  path: string;
  query: URLSearchParams;
  /** The body's text; parsed by whoever needs it. */
  text: string;
  bytes: number;
}

/** Answers requests to one app. What an endpoint refuses is an answer too; nothing is thrown. */
export function createRoutes(app: App): (request: Request, call: Call) => Response | Promise<Response> {
  // The path comes from the call: Hono's own reading decodes it once before matching, and a `%2F` in an external id must not become a slash.
  const hono = new Hono<{ Bindings: Call }>({ getPath: (_request, context) => pathOf(context?.env) });
  const user = '/apps/:app/users/by/:label/:id' as const;
  const subscription = '/apps/:app/subscriptions/:id' as const;

  hono.patch(user, ({ req, env }) => updateUser(app, req.param('label'), req.param('id'), readJson(env)));
  hono.get(user, ({ req }) => viewUser(app, req.param('app'), req.param('label'), req.param('id')));
  hono.delete(user, ({ req }) => deleteUser(app, req.param('label'), req.param('id')));
  hono.post('/apps/:app/users', ({ req, env }) => createUser(app, req.param('app'), readJson(env)));
  hono.get(`${user}/identity`, ({ req }) => viewIdentity(app, req.param('label'), req.param('id')));
  hono.patch(`${user}/identity`, ({ req, env }) =>
    updateIdentity(app, req.param('label'), req.param('id'), readJson(env)),
  );
  hono.delete(`${user}/identity/:doomed`, ({ req }) =>
    deleteAlias(app, req.param('label'), req.param('id'), req.param('doomed')),
  );

  hono.post(`${user}/subscriptions`, ({ req, env }) =>
    inBasicEnvelope(() => addSubscription(app, req.param('app'), req.param('label'), req.param('id'), readJson(env))),
  );
  hono.patch(subscription, ({ req, env }) => updateSubscription(app, req.param('id'), readJson(env)));
  hono.delete(subscription, ({ req }) => deleteSubscription(app, req.param('id')));
  hono.patch(`${subscription}/owner`, ({ req, env }) =>
    inBasicEnvelope(() => moveSubscription(app, req.param('id'), readJson(env))),
  );
  hono.get(`${subscription}/user/identity`, ({ req }) => viewOwner(app, req.param('id')));
  hono.patch(`${subscription}/user/identity`, ({ req, env }) => updateOwner(app, req.param('id'), readJson(env)));
  hono.patch('/apps/:app/subscriptions_by_token/:type/:token', ({ req, env }) =>
    updateSubscriptionByToken(app, req.param('type'), req.param('token'), readJson(env)),
  );

  hono.post('/apps/:app/segments', ({ req, env }) => {
    checkContentType(req.header('content-type') ?? null);
    return createSegment(app.segments, readJson(env), app.options);
  });
  hono.get('/apps/:app/segments', ({ req, env }) => listSegments(app, req.param('app'), env.query));
  hono.get('/apps/:app/segments/:id', ({ req, env }) => viewSegment(app, req.param('id'), env.query));
  hono.patch('/apps/:app/segments/:id', ({ req, env }) => {
    checkContentType(req.header('content-type') ?? null);
    return updateSegment(app.segments, req.param('id'), readJson(env), app.options);
  });
  hono.delete('/apps/:app/segments/:id', ({ req }) => deleteSegment(app.segments, req.param('id')));

  hono.post('/apps/:app/custom_events', ({ env }) =>
    receiveEvents(app.events, readJson(env), env.bytes, (label, id) => findUserToWrite(app, label, id)),
  );

  hono.notFound(() => basicError(404, 'Not found'));
  hono.onError((thrown) =>
    thrown instanceof Refused ? thrown.response : basicError(500, 'The sandbox failed; please report it.'),
  );

  return (request, call) => {
    try {
      const appId = /^\/apps\/([^/]+)/.exec(call.path)?.[1];
      if (appId === undefined) return basicError(404, 'Not found');
      checkAccess(familyOf(call.path), appId, request.headers.get('authorization'), app.options.apiKey);
      return hono.fetch(request, call);
    } catch (thrown) {
      if (thrown instanceof Refused) return thrown.response;
      throw thrown;
    }
  };
}

/** Hono types the environment of `getPath` as anything. */
function pathOf(env: unknown): string {
  return typeof env === 'object' && env !== null && 'path' in env && typeof env.path === 'string' ? env.path : '/';
}

function readJson({ path, text }: Call): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch {
    throw invalidJson(familyOf(path));
  }
}

/** docs/onesignal.md 7: each family has its own 400. */
function invalidJson(family: Family): Refused {
  if (family === 'segments') return invalidSegment('the body is not valid JSON');
  return family === 'custom_events' ? invalidEvents() : invalid('the body is not valid JSON');
}
