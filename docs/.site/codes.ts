import { readFileSync } from 'node:fs';
import { root } from './places.js';

/** A code of the library, and where `docs/errors.md` explains it. */
export interface Code {
  /** Such as `user_not_found`. */
  code: string;
  /** `skip`, `drop`, `warning`, `delivery`, `event`, `configuration` or `signature`. */
  family: string;
  /** Such as `skip-user_not_found`. */
  anchor: string;
}

/** Every code that has a row in `docs/errors.md`, by its anchor there. */
export function readCodes(): Code[] {
  const markdown = readFileSync(`${root}docs/errors.md`, 'utf8');
  return [...markdown.matchAll(/<a id="(([a-z]+)-(\w+))"><\/a>/g)].map(([, anchor = '', family = '', code = '']) => ({
    code,
    family,
    anchor,
  }));
}
