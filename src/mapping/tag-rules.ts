import { isAliasText } from '../onesignal/alias-text.js';
import {
  arrayOf,
  byKind,
  integer,
  isFunction,
  isString,
  mustBe,
  oneOf,
  optionsOf,
  type Rules,
} from '../option-rules.js';
import { isRecord } from '../record.js';

/** @internal */
export const string = /* @__PURE__ */ mustBe('a string', isString);
/** @internal */
export const filled = /* @__PURE__ */ mustBe('a non-empty string', (value) => isString(value) && value !== '');
/** @internal */
export const hook = /* @__PURE__ */ mustBe('a function', isFunction);

/** The label of an alias. @internal */
export function label(value: unknown, option: string): void {
  filled(value, option);
  const expected = "at most 128 characters long, without white space, '..' or any of /?#&=";
  mustBe(expected, (text) => isString(text) && isAliasText(text))(value, option);
}

/** What the values of {@link TagOptions} must be. @internal */
export function tagRules(): Rules {
  const strings = arrayOf(string);
  return {
    include: strings,
    exclude: strings,
    rename(value, option) {
      mustBe('an object with string values', isRecord)(value, option);
      for (const [name, key] of Object.entries(Object(value))) string(key, `${option}.${name}`);
    },
    prefix: string,
    audiencePrefix: string,
    tag: hook,
    nested: byKind(
      mustBe("'drop', 'flatten' or { maxDepth, maxTags }", (value) => value === 'drop' || value === 'flatten'),
      { object: optionsOf({ maxDepth: integer(1), maxTags: integer(1) }) },
    ),
    dates: byKind(
      mustBe("'auto' or an array of names", (value) => value === 'auto'),
      { array: strings },
    ),
    tagLimit: integer(0),
    eventName: byKind(
      mustBe("'drop', 'prefix' or { tag: key }", (value) => value === 'drop' || value === 'prefix'),
      { object: optionsOf({ tag: filled }, 'tag') },
    ),
    user: byKind(mustBe('a function or { label }', isFunction), { object: optionsOf({ label }, 'label') }),
    audienceProperties: oneOf('drop', 'tags'),
    segmentName: hook,
    loops: oneOf('skip', 'allow'),
    integrations: byKind(
      mustBe("'ignore', 'respect' or { respect: name }", (value) => value === 'ignore' || value === 'respect'),
      { object: optionsOf({ respect: filled }, 'respect') },
    ),
    consent: arrayOf(filled),
  };
}
