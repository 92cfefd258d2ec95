import { isRecord } from '../../record.js';

const maxReasons = 10;

/**
 * OneSignal's words for what is wrong, from any of the shapes in which its errors come. As they came: they may repeat people's ids and values.
 *
 * Shapes: `{ errors: ['…'] }`, `{ errors: [{ code, title, meta }] }`, `{ errors: '…' }`, `{ errors: { name: … } }`, `{ success: false }`, or none of them.
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
    // A transport is the user's code, and so may be the getters of what it returns; the status says enough.
    return [];
  }
}

/** `meta` stays out: it repeats the ids that collided. */
function wordsOf(entry: unknown): string {
  if (typeof entry === 'string') return entry;
  if (!isRecord(entry)) return '';
  return [entry.code, entry.title].filter((part) => typeof part === 'string' && part !== '').join(': ');
}
