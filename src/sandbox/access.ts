import { isUuid } from '../onesignal/is-uuid.js';
import { accessDenied, answerJson, basicError, type Family, Refused, structuredError } from './answers.js';

/** Refuses requests that are not authorized, with the texts and statuses of docs/onesignal.md 7. */
export function checkAuthorization(
  family: Family,
  appId: string,
  authorization: string | null,
  apiKey: string | undefined,
): void {
  if (!isUuid(appId)) throw new Refused(basicError(400, 'Request is malformed: Failed to parse app_id from request'));
  if (apiKey === undefined) return;
  if (authorization === null || authorization === '') throw new Refused(missingKey(family));
  // OneSignal's own pages write both `Key` and `key`, and legacy keys use `Basic` (docs/onesignal.md 1).
  const key = /^(?:key|basic)\s+(\S+)\s*$/i.exec(authorization)?.[1];
  if (key === apiKey) return;
  throw new Refused(accessDenied());
}

/** Each family of endpoints reports a missing key in its own way (docs/onesignal.md 7). */
function missingKey(family: Family): Response {
  if (family === 'segments') return basicError(400, 'Please include a case-sensitive header of Authorization');
  if (family === 'custom_events') return new Response('', { status: 401, headers: { 'content-type': 'text/plain' } });
  return structuredError(401, 'auth-1', "This operation requires 'Authorization' in the HTTP header");
}

/** docs/onesignal.md 1: segments require the header, although the error is about something else. */
export function checkContentType(contentType: string | null): void {
  if (/^application\/json\b/i.test(contentType ?? '')) return;
  throw new Refused(
    answerJson(400, {
      errors: ['app_id not found. You may be missing a Content-Type: application/json header.'],
      reference: ['/docs/accounts-and-keys#section-keys-ids'],
    }),
  );
}
