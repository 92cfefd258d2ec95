import { optionsOf } from '../known-options.js';
import { isReservedLabel } from '../onesignal/alias-text.js';
import { arrayOf, isFunction, isString, mustBe, objectOr, oneOf, type Rule, refuse } from '../option-rules.js';
import { recordOf } from '../record.js';
import { profileFields } from './settings.js';
import { filled, label, string, tagRules } from './tag-rules.js';

const boolean: Rule = /* @__PURE__ */ mustBe('true or false', isBoolean);

const customEvent: Rule = /* @__PURE__ */ mustBe("'custom_event'", (value) => value === 'custom_event');

/** What the values of {@link MappingOptions} must be. @internal */
export function mappingRule(): Rule {
  const names = arrayOf(string);
  const only = objectOr(names, mustBe('an array of event names or a function', isFunction));
  const choice = optionsOf({ only, tags: oneOf(['keep', 'replace']) });
  const options = optionsOf({
    ...tagRules(optionsOf),
    subscriptions: optionsOf({ email: boolean, sms: boolean, push: boolean }),
    profile: mustBe(
      `true, false or an array of ${profileFields.slice(0, -1).join(', ')} and ${profileFields.at(-1)}`,
      (value) => isBoolean(value) || (Array.isArray(value) && value.every((field) => profileFields.includes(field))),
    ),
    group: objectOr(optionsOf({ prefix: string }), mustBe('true, false or { prefix }', isBoolean)),
    page: customEvent,
    screen: customEvent,
    alias: optionsOf({ label: ownLabel }, 'label'),
    deleteUsers: boolean,
    purchases: boolean,
    customEvents: objectOr(
      (value, option) => (Array.isArray(value) ? names : choice)(value, option),
      mustBe(
        'true, false, an array of event names, a function or { only, tags }',
        (value) => isBoolean(value) || isFunction(value),
      ),
    ),
  });
  return (value, option) => {
    options(value, option);
    const start = option && `${option}.`;
    checkEventName(recordOf(value), start);
    checkLabels(recordOf(value), start);
  };
}

function checkEventName({ eventName, customEvents }: { eventName?: unknown; customEvents?: unknown }, start: string) {
  if (eventName === undefined || eventName === 'drop' || recordOf(customEvents).tags !== 'replace') return;
  const reason = "customEvents: { tags: 'replace' }, which leaves no tags for the name";
  refuse('conflict', `${start}eventName`, `"${start}eventName" cannot be combined with ${reason}.`);
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function ownLabel(value: unknown, option: string): void {
  filled(value, option);
  mustBe('a label other than external_id and onesignal_id', (text) => !isString(text) || !isReservedLabel(text))(
    value,
    option,
  );
  label(value, option);
}

function checkLabels({ alias, user }: { alias?: unknown; user?: unknown }, start: string): void {
  const { label: own } = recordOf(alias);
  if (own === undefined || recordOf(user).label !== own) return;
  const message = `"${start}alias.label" cannot be the label of "${start}user": the user would become a different one.`;
  refuse('conflict', `${start}alias.label`, message);
}
