/**
 * The config file of the command line, which your program can import as well, so that both use the same mapping.
 *
 * @example
 * ```ts
 * // segment-onesignal.config.ts
 * import { defineMapping } from 'segment-onesignal';
 * import { defineConfig } from 'segment-onesignal/config';
 *
 * export default defineConfig({
 *   appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a',
 *   mapping: defineMapping({ prefix: 'shop_', exclude: ['ssn'] }),
 *   delivery: { missingUser: 'create' },
 * });
 * ```
 *
 * @module
 */
import type { DeliveryOptions } from '../delivery/options.js';
import { optionsOf } from '../known-options.js';
import type { MappingOptions } from '../mapping/options.js';
import { arrayOf, isString, mustBe, oneOf } from '../option-rules.js';
import { isRecord } from '../record.js';

/** The settings in a config file. Flags and environment variables take precedence over them. */
export interface Config {
  /**
   * App ID in OneSignal, a UUID (dashboard, Settings > Keys & IDs).
   *
   * @defaultValue the environment variable `ONESIGNAL_APP_ID`
   */
  readonly appId?: string | undefined;
  /**
   * App API key. Read it from the environment, such as `process.env.PRODUCTION_KEY`: a file in a repository is no place
   * for a key.
   *
   * @defaultValue the environment variable `ONESIGNAL_API_KEY`
   */
  readonly apiKey?: string | undefined;
  /**
   * Scheme of the `Authorization` header.
   *
   * @defaultValue `'Basic'` for a legacy REST API key (48 letters and digits), otherwise `'Key'`
   */
  readonly authScheme?: 'Key' | 'Basic' | undefined;
  /**
   * Base URL of the OneSignal API, such as that of a sandbox.
   *
   * @defaultValue the environment variable `ONESIGNAL_BASE_URL`, otherwise 'https://api.onesignal.com'
   */
  readonly baseUrl?: string | undefined;
  /**
   * Shared secrets of Segment's webhook destination. The first one signs what `trigger` sends.
   *
   * @defaultValue the environment variable `SEGMENT_SHARED_SECRET`
   */
  readonly secrets?: readonly string[] | undefined;
  /**
   * Tokens that `serve` accepts as `Authorization: Bearer …`, for a header that you set in the webhook destination. If
   * `secrets` are set too, both must match. `trigger --to` sends the first one.
   *
   * @defaultValue the environment variable `WEBHOOK_TOKEN`
   */
  readonly tokens?: readonly string[] | undefined;
  /**
   * Your own keys, which `serve` accepts as the write key of Segment libraries. Do not use the write key of a Segment
   * source: browsers show it to everyone.
   *
   * @defaultValue the environment variable `WEBHOOK_WRITE_KEY`
   */
  readonly writeKeys?: readonly string[] | undefined;
  /**
   * How events become operations on OneSignal.
   *
   * @defaultValue the default rules, without any opt-in
   */
  readonly mapping?: MappingOptions | undefined;
  /**
   * How operations are delivered.
   *
   * @defaultValue the default of each option
   */
  readonly delivery?: DeliveryOptions | undefined;
}

/**
 * Checks the settings of a config file. Export the result as the default export of `segment-onesignal.config.ts`, `.js`
 * or `.mjs`.
 *
 * `mapping` and `delivery` are checked when they are used. Wrap the mapping in `defineMapping` to have the compiler
 * refuse misspelled options too.
 *
 * @returns The same object.
 * @throws `ConfigurationError` if a setting is invalid or unknown.
 * @example
 * ```ts
 * import { defineConfig } from 'segment-onesignal/config';
 *
 * export default defineConfig({ mapping: { nested: 'flatten' } });
 * ```
 */
export function defineConfig<const Options extends Config>(config: Options & Config): Options {
  configRule(config, '');
  return config;
}

const string = /* @__PURE__ */ mustBe('a string', isString);

const configRule = /* @__PURE__ */ optionsOf({
  appId: string,
  apiKey: string,
  authScheme: /* @__PURE__ */ oneOf(['Key', 'Basic']),
  baseUrl: string,
  secrets: /* @__PURE__ */ arrayOf(string),
  tokens: /* @__PURE__ */ arrayOf(string),
  writeKeys: /* @__PURE__ */ arrayOf(string),
  mapping: /* @__PURE__ */ mustBe('an object', isRecord),
  delivery: /* @__PURE__ */ mustBe('an object', isRecord),
});
