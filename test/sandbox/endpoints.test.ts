import { expect, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.js';
import { apiOf, app } from './api.js';

const id = '7ed2887d-bd24-4a81-8220-4b256a08ab19';
const user = `${app}/users/by/external_id/u1`;
const segments = '?offset=0&limit=10';

/**
 * Every request in OneSignal's API description that the sandbox omits. Those after the blank line are only in the Node
 * client.
 */
const unimplemented: readonly (readonly [method: string, path: string, named: string])[] = [
  ['GET', '/apps', '/apps'],
  ['POST', '/apps', '/apps'],
  ['GET', app, '/apps/{app_id}'],
  ['PUT', app, '/apps/{app_id}'],
  ['GET', `${app}/outcomes?outcome_names=a`, '/apps/{app_id}/outcomes'],
  ['POST', `${app}/activities/activity/a`, '/apps/{app_id}/activities/activity/{activity_type}'],
  ['POST', `${app}/live_activities/a/notifications`, '/apps/{app_id}/live_activities/{activity_id}/notifications'],
  [
    'POST',
    `${app}/notifications/${id}/unsubscribe?token=t`,
    '/apps/{app_id}/notifications/{notification_id}/unsubscribe',
  ],
  ['POST', `${app}/inbox`, '/apps/{app_id}/inbox'],
  ['GET', `${app}/inbox`, '/apps/{app_id}/inbox'],
  ['GET', `${user}/inbox?last_message_id=1`, '/apps/{app_id}/users/by/{alias_label}/{alias_id}/inbox'],
  ['PATCH', `${user}/inbox`, '/apps/{app_id}/users/by/{alias_label}/{alias_id}/inbox'],
  ['GET', `${user}/inbox/unread_count`, '/apps/{app_id}/users/by/{alias_label}/{alias_id}/inbox/unread_count'],
  ['PATCH', `${user}/inbox/${id}`, '/apps/{app_id}/users/by/{alias_label}/{alias_id}/inbox/{message_id}'],
  ['GET', `${app}/auth/tokens`, '/apps/{app_id}/auth/tokens'],
  ['POST', `${app}/auth/tokens`, '/apps/{app_id}/auth/tokens'],
  ['PATCH', `${app}/auth/tokens/${id}`, '/apps/{app_id}/auth/tokens/{token_id}'],
  ['DELETE', `${app}/auth/tokens/${id}`, '/apps/{app_id}/auth/tokens/{token_id}'],
  ['POST', `${app}/auth/tokens/${id}/rotate`, '/apps/{app_id}/auth/tokens/{token_id}/rotate'],
  ['POST', '/notifications?c=push', '/notifications'],
  ['GET', '/notifications', '/notifications'],
  ['GET', `/notifications/${id}`, '/notifications/{message_id}'],
  ['DELETE', `/notifications/${id}`, '/notifications/{message_id}'],
  ['POST', `/notifications/${id}/history`, '/notifications/{message_id}/history'],
  ['POST', `/notifications/${id}/export_events`, '/notifications/{message_id}/export_events'],
  ['GET', '/templates', '/templates'],
  ['POST', '/templates', '/templates'],
  ['GET', `/templates/${id}`, '/templates/{template_id}'],
  ['PATCH', `/templates/${id}`, '/templates/{template_id}'],
  ['DELETE', `/templates/${id}`, '/templates/{template_id}'],
  ['POST', `/templates/${id}/copy_to_app`, '/templates/{template_id}/copy_to_app'],
  ['POST', '/players/csv_export', '/players/csv_export'],
  ['GET', `/organizations/${id}/audit_logs`, '/organizations/{organization_id}/audit_logs'],

  ['POST', '/notifications/count-unsaved', '/notifications/count-unsaved'],
  ['GET', `${app}/email_analytics/delivery_metrics`, '/apps/{app_id}/email_analytics/delivery_metrics'],
  ['GET', `${app}/journeys`, '/apps/{app_id}/journeys'],
  ['POST', `${app}/journeys`, '/apps/{app_id}/journeys'],
  ['PATCH', `${app}/journeys/${id}`, '/apps/{app_id}/journeys/{journey_id}'],
  ['DELETE', `${app}/journeys/${id}`, '/apps/{app_id}/journeys/{journey_id}'],
  ['PATCH', `${app}/journeys/${id}/nodes/${id}`, '/apps/{app_id}/journeys/{journey_id}/nodes/{node_id}'],
  ['GET', `${app}/journeys/${id}`, '/apps/{app_id}/journeys/{journey_id}'],
  ['GET', `${app}/journeys/${id}/stats`, '/apps/{app_id}/journeys/{journey_id}/stats'],
];

test.each(unimplemented)('%s %s is a 501 that names the endpoint', async (method, path, named) => {
  const sandbox = createSandbox();
  sandbox.addUser({ externalId: 'u1' });
  const answer = await apiOf(sandbox)(method, path, method === 'GET' || method === 'DELETE' ? undefined : {});
  expect(answer.status).toBe(501);
  expect(answer.body).toEqual({ errors: [`The sandbox does not implement ${method} ${named}`] });
});

test.each([
  ['GET', '/'],
  ['GET', '/players'],
  ['POST', '/notifications/a/b/c'],
  ['GET', `${app}/unknown`],
  ['DELETE', `${app}/custom_events`],
  ['POST', `${app}/users/by/external_id/u1`],
  ['POST', `${app}/integrations/custom_events`],
  ['GET', `${app}/segments/${id}/users`],
  ['DELETE', '/apps'],
  ['GET', `${app}/constructor`],
])('%s %s, which is in no description of the API, is a 404', async (method, path) => {
  const body = method === 'GET' || method === 'DELETE' ? undefined : {};
  expect(await apiOf(createSandbox())(method, path, body)).toMatchObject({
    status: 404,
    body: { errors: ['Not found'] },
  });
});

test.each([
  ['GET', `${app}/segments${segments}`],
  ['GET', user],
  ['GET', `${user}/identity`],
])('%s %s is implemented', async (method, path) => {
  const sandbox = createSandbox();
  sandbox.addUser({ externalId: 'u1' });
  expect((await apiOf(sandbox)(method, path)).status).toBe(200);
});
