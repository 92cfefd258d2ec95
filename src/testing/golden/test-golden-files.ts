import { type GoldenFileOptions, openGoldenFiles } from './check-golden-files.js';

/** Registers a test, as `test` of Vitest, Jest and `node:test` do. */
export type RegisterTest = (name: string, run: () => void) => unknown;

/** Options of {@link testGoldenFiles}. */
export interface GoldenTestOptions extends GoldenFileOptions {
  /**
   * Registers the tests: `test` of your framework.
   *
   * @defaultValue the global `test`, which Jest has, and Vitest with `globals: true`
   */
  readonly test?: RegisterTest | undefined;
}

/**
 * Registers a test per event file, which compares the plan of the event with the plan file of the same name.
 *
 * Run the tests with `UPDATE_GOLDEN=1` to write plan files that are missing or differ, and to remove stale ones.
 *
 * @throws TypeError if no `test` is found, Error if a folder does not exist or contains no event files, and
 * `ConfigurationError` if an option is missing, invalid or unknown.
 * @example
 * ```ts
 * import { testGoldenFiles } from 'segment-onesignal/testing';
 * import { test } from 'vitest';
 *
 * testGoldenFiles({ test, mapping: { prefix: 'shop_' }, events: 'test/events', plans: 'test/plans' });
 * ```
 */
export function testGoldenFiles({ test, ...options }: GoldenTestOptions): void {
  const register = test ?? globalTest();
  if (typeof register !== 'function')
    throw new TypeError(
      'No global "test" function was found. Pass the one of your test framework: testGoldenFiles({ test, … }).',
    );
  for (const golden of openGoldenFiles(options))
    register(`golden file ${golden.name}`, () => {
      const { problem } = golden.check();
      if (problem !== undefined) throw new Error(problem);
    });
}

function globalTest(): RegisterTest | undefined {
  const found: unknown = Reflect.get(globalThis, 'test');
  return isRegister(found) ? found : undefined;
}

function isRegister(found: unknown): found is RegisterTest {
  return typeof found === 'function';
}
