import type { Operation } from '../onesignal/operation.js';

const maxReasons = 10;
const maxReasonLength = 200;

/**
 * OneSignal's words for what is wrong, from any of the shapes in which its errors come, with people's ids and values redacted.
 *
 * Shapes: `{ errors: ['…'] }`, `{ errors: [{ code, title, meta }] }`, `{ errors: '…' }`, `{ errors: { name: … } }`, `{ success: false }`, or none of them.
 *
 * @see {@link https://github.com/OneSignal/onesignal-node-api/blob/main/DefaultApi.md | OneSignal's Node client: Error handling}
 * @internal
 */
export function readReasons(body: unknown, operation: Operation | undefined): string[] {
  const secrets = operation === undefined ? [] : privateTexts(operation);
  return wordsOf(body)
    .slice(0, maxReasons)
    .map((words) => redact(oneLine(words), secrets).slice(0, maxReasonLength))
    .filter((words) => words !== '');
}

function wordsOf(body: unknown): string[] {
  if (!isRecord(body)) return [];
  const { errors } = body;
  if (typeof errors === 'string') return [errors];
  if (Array.isArray(errors)) return errors.map(wordsOfEntry);
  return isRecord(errors) ? Object.keys(errors) : [];
}

/** `meta` stays out: it repeats the ids that collided. */
function wordsOfEntry(entry: unknown): string {
  if (typeof entry === 'string') return entry;
  if (!isRecord(entry)) return '';
  return [entry.code, entry.title].filter((part) => typeof part === 'string' && part !== '').join(': ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}

const emails = /[^\s@"'<>]+@[^\s@"'<>]+/g;
const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

function redact(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, '<redacted>'), text);
  return known.replace(emails, '<redacted>').replace(uuids, '<redacted>');
}

/** Too short to name a person, and removing them would leave no word readable. */
const minPrivateLength = 3;

/** What an answer might repeat of an operation and must not stand in an error: ids, tokens, values. Longest first, so that none survives inside another. */
function privateTexts(operation: Operation): string[] {
  return textsOf(operation)
    .filter((text) => text.length >= minPrivateLength)
    .sort((a, b) => b.length - a.length);
}

function textsOf(operation: Operation): string[] {
  switch (operation.type) {
    case 'update_user':
      return [operation.user.id, ...Object.values(operation.tags)];
    case 'ensure_segment':
      return [];
    case 'send_custom_events':
      return operation.events.flatMap(({ external_id, properties }) => [external_id, ...leaves(properties)]);
    case 'add_subscription':
      return [operation.user.id, operation.subscription.token];
    case 'add_alias':
      return [operation.user.id, operation.alias.id];
    case 'add_purchases':
    case 'delete_user':
      return [operation.user.id];
  }
}

function leaves(properties: Record<string, unknown>): string[] {
  return Object.values(properties).filter((value) => typeof value === 'string');
}
