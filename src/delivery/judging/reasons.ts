import { isRecord } from '../../record.js';

const maxReasons = 10;

/**
 * Reads OneSignal's own words for an error. They are returned as they came, and may repeat people's ids and values.
 *
 * Shapes: `{ errors: ['…'] }`, `{ errors: [{ code, title, meta }] }`, `{ errors: '…' }`, `{ errors: { name: … } }` and
 * `{ success: false }`; anything else has no reasons.
 *
 * @see {@link https://github.com/OneSignal/onesignal-node-api/blob/main/DefaultApi.md | OneSignal's Node client: Error handling}
 * @internal
 */
export function readReasons(body: object): string[] {
  try {
    const errors: unknown = Reflect.get(body, 'errors');
    if (typeof errors === 'string') return [errors];
    if (Array.isArray(errors)) return errors.slice(0, maxReasons).map(wordsOf);
    return isRecord(errors) ? Object.keys(errors).slice(0, maxReasons) : [];
  } catch {
    // A transport is the user's code, and its response may have getters that throw; the status says enough.
    return [];
  }
}

/** `meta` stays out: it repeats the ids that collided. */
function wordsOf(entry: unknown): string {
  if (typeof entry === 'string') return entry;
  if (!isRecord(entry)) return '';
  return [entry.code, entry.title].filter((part) => typeof part === 'string' && part !== '').join(': ');
}
