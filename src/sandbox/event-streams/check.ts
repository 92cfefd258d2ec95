import { optionsOf } from '../../known-options.js';
import { eventKinds } from '../../onesignal/event-kinds.js';
import { arrayOf, integer, isFunction, isString, mustBe, oneOf, type Rule, refuse } from '../../option-rules.js';
import { isRecord, recordOf } from '../../record.js';
import { checkLiquid } from './liquid.js';

const string: Rule = /* @__PURE__ */ mustBe('a string', isString);
const texts: Rule = /* @__PURE__ */ mustBe(
  'an object of strings',
  (value) => isRecord(value) && Object.values(value).every(isString),
);
const localized: Rule = /* @__PURE__ */ mustBe(
  'a string, or an object of strings',
  (value) => isString(value) || (isRecord(value) && Object.values(value).every(isString)),
);

/**
 * Checks an Event Stream.
 *
 * @throws {@link ConfigurationError} for the first part that is wrong or unknown.
 */
export function checkEventStream(stream: unknown): void {
  optionsOf(
    {
      url: mustBe('an http(s) URL', (value) => isString(value) && /^https?:\/\//.test(value)),
      method: oneOf(['POST', 'PUT', 'PATCH']),
      headers: texts,
      body: string,
      kinds: arrayOf(oneOf(eventKinds)),
      fetch: mustBe('a function', isFunction),
      retryDelaysMs: arrayOf(integer(0), 'an array of milliseconds'),
      timeoutMs: integer(1),
      disableAfter: integer(1),
    },
    'url',
  )(stream, '');
  const { url, headers, body } = recordOf(stream);
  const templates = Object.entries({ url, body }).concat(
    Object.entries(recordOf(headers)).map(([name, value]) => [`headers.${name}`, value]),
  );
  for (const [name, template] of templates) if (typeof template === 'string') checkLiquid(template, name);
}

/**
 * Checks a message.
 *
 * @throws {@link ConfigurationError} for the first part that is wrong or unknown.
 */
export function checkMessage(message: unknown): void {
  optionsOf({
    channel: oneOf(['push', 'email', 'sms', 'iam', 'live_activity']),
    segment: string,
    users: arrayOf(string),
    name: string,
    title: localized,
    contents: localized,
    templateId: string,
    url: string,
  })(message, '');
  const { segment, users } = recordOf(message);
  if ((segment === undefined) === (users === undefined))
    refuse('missing', 'segment', 'A message needs either segment or users.');
}

/**
 * Checks an interaction.
 *
 * @throws {@link ConfigurationError} for the first part that is wrong or unknown.
 */
export function checkInteraction(interaction: unknown): void {
  optionsOf({
    message: mustBe('a message, or its id', (value) => isString(value) || isString(recordOf(value).id)),
    user: string,
    action: string,
    data: texts,
    isExpired: mustBe('true or false', (value) => typeof value === 'boolean'),
  })(interaction, '');
  for (const name of ['message', 'user', 'action'])
    if (recordOf(interaction)[name] === undefined) refuse('missing', name, `"${name}" is missing in the interaction.`);
}
