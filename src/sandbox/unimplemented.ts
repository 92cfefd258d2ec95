import { basicError } from './answers.js';

/**
 * The endpoints of OneSignal's API that the sandbox leaves out, from both of its descriptions (docs/onesignal.md 9).
 *
 * `/notifications/count-unsaved` comes before the endpoint whose parameter would match it.
 */
const ENDPOINTS: readonly (readonly [methods: string, path: string])[] = [
  ['GET POST', '/apps'],
  ['GET PUT', '/apps/{app_id}'],
  ['POST', '/apps/{app_id}/activities/activity/{activity_type}'],
  ['GET POST', '/apps/{app_id}/auth/tokens'],
  ['PATCH DELETE', '/apps/{app_id}/auth/tokens/{token_id}'],
  ['POST', '/apps/{app_id}/auth/tokens/{token_id}/rotate'],
  ['GET', '/apps/{app_id}/email_analytics/delivery_metrics'],
  ['GET POST', '/apps/{app_id}/inbox'],
  ['GET POST', '/apps/{app_id}/journeys'],
  ['GET PATCH DELETE', '/apps/{app_id}/journeys/{journey_id}'],
  ['PATCH', '/apps/{app_id}/journeys/{journey_id}/nodes/{node_id}'],
  ['GET', '/apps/{app_id}/journeys/{journey_id}/stats'],
  ['POST', '/apps/{app_id}/live_activities/{activity_id}/notifications'],
  ['POST', '/apps/{app_id}/notifications/{notification_id}/unsubscribe'],
  ['GET', '/apps/{app_id}/outcomes'],
  ['GET PATCH', '/apps/{app_id}/users/by/{alias_label}/{alias_id}/inbox'],
  ['GET', '/apps/{app_id}/users/by/{alias_label}/{alias_id}/inbox/unread_count'],
  ['PATCH', '/apps/{app_id}/users/by/{alias_label}/{alias_id}/inbox/{message_id}'],
  ['GET POST', '/notifications'],
  ['POST', '/notifications/count-unsaved'],
  ['GET DELETE', '/notifications/{message_id}'],
  ['POST', '/notifications/{message_id}/export_events'],
  ['POST', '/notifications/{message_id}/history'],
  ['GET', '/organizations/{organization_id}/audit_logs'],
  ['POST', '/players/csv_export'],
  ['GET POST', '/templates'],
  ['GET PATCH DELETE', '/templates/{template_id}'],
  ['POST', '/templates/{template_id}/copy_to_app'],
];

const patterns = ENDPOINTS.map(([methods, path]) => ({
  methods: methods.split(' '),
  path,
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
}));

/** A 501 for an endpoint that OneSignal has and the sandbox does not, a 404 for everything else. */
export function notImplemented(method: string, path: string): Response {
  const endpoint = patterns.find(({ methods, pattern }) => methods.includes(method) && pattern.test(path));
  if (endpoint === undefined) return basicError(404, 'Not found');
  return basicError(501, `The sandbox does not implement ${method} ${endpoint.path}`);
}
