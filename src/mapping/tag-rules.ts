import { aliasTextForm, isAliasText } from '../onesignal/alias-text.js';
import {
  arrayOf,
  type CreateOptionsRule,
  eachOf,
  integer,
  isFunction,
  isString,
  mustBe,
  objectOr,
  oneOf,
  type Rules,
} from '../option-rules.js';
import { isRecord } from '../record.js';

/** @internal */
export const string = /* @__PURE__ */ mustBe('a string', isString);
/** @internal */
export const filled = /* @__PURE__ */ mustBe('a non-empty string', (value) => isString(value) && value !== '');
const hook = /* @__PURE__ */ mustBe('a function', isFunction);

/** The label of an alias. @internal */
export function label(value: unknown, option: string): void {
  filled(value, option);
  mustBe(aliasTextForm, (text) => isString(text) && isAliasText(text))(value, option);
}

/** What the values of {@link TagOptions} must be. @internal */
export function tagRules(optionsOf: CreateOptionsRule): Rules {
  const strings = arrayOf(string);
  return {
    include: strings,
    exclude: strings,
    rename: eachOf(mustBe('an object with string values', isRecord), string),
    prefix: string,
    audiencePrefix: string,
    tag: hook,
    nested: objectOr(
      optionsOf({ maxDepth: integer(1), maxTags: integer(1) }),
      oneOf(['drop', 'flatten'], '{ maxDepth, maxTags }'),
    ),
    dates: objectOr(strings, oneOf(['auto'], 'an array of names')),
    tagLimit: integer(0),
    eventName: objectOr(optionsOf({ tag: filled }, 'tag'), oneOf(['drop', 'prefix'], '{ tag: key }')),
    user: objectOr(optionsOf({ label }, 'label'), mustBe('a function or { label }', isFunction)),
    audienceProperties: oneOf(['drop', 'tags']),
    segmentName: hook,
    loops: oneOf(['skip', 'allow']),
    integrations: objectOr(
      optionsOf({ respect: filled }, 'respect'),
      oneOf(['ignore', 'respect'], '{ respect: name }'),
    ),
    consent: arrayOf(filled),
  };
}
