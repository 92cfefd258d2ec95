import type { ErrorCause } from '../errors.js';
import { rangesOf } from './find-secrets.js';
import { searchedLength } from './limits.js';
import { type Needles, needlesOf, type Secrets } from './needles.js';
import { hidePersonal, hideTechnical } from './patterns.js';
import { plainCauseOf } from './plain-cause.js';
import { mark, Redaction } from './redaction.js';

/** Makes foreign text safe for an error: removes secrets, email addresses, UUIDs and keys. */
export interface Redactor {
  /** Reduces foreign text to one short line. */
  redact(words: string): string;
  /** Copies the name, code and message of a thrown value. Also removes URLs, paths and quoted text. */
  plainCause(thrown: unknown): ErrorCause;
}

/**
 * Creates a redactor that removes secrets from any number of texts.
 *
 * It finds secrets in any case, percent-encoded, escaped as in JSON, and truncated to 8 characters or more if they have
 * at least 12. It finds phone numbers by their digits, whatever separates them.
 *
 * @internal
 */
export function createRedactor(secrets: Secrets): Redactor {
  let needles: Needles | 'too many' | undefined;
  const apply = (words: string, hide: (redaction: Redaction) => void): string => {
    if (words.trim() === '') return '';
    needles ??= needlesOf(secrets);
    if (needles === 'too many') return mark;
    const redaction = new Redaction(words.trimStart().slice(0, searchedLength));
    // Secrets go first: a quote or space inside one would mislead the patterns.
    for (const range of rangesOf(needles, redaction.words)) redaction.hide(range, mark);
    hide(redaction);
    return redaction.toLine();
  };
  const redact = (words: string): string => apply(words, hidePersonal);
  const redactMessage = (message: string): string =>
    apply(message, (redaction) => {
      hideTechnical(redaction);
      hidePersonal(redaction);
    });
  return { redact, plainCause: (thrown) => plainCauseOf(thrown, { redact, redactMessage }) };
}
