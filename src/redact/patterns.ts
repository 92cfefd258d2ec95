import { mark, type Redaction } from './redaction.js';

// All patterns take linear time: a match that fails does so within 40 characters, or cannot start again inside itself.
const withoutSpace = /[^\s"'<>]+/g;
const email = /[^@](?:@|%40)[^@]/i;
const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** `Key …` and `Basic …` as in a header, OneSignal's own keys, and anything as long as a key or a token. */
const keys = /\b(?:key|basic|bearer)\s+(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}|\bos_v2_\w+|\b[\w+/-]{40,}={0,2}/gi;

export function hidePersonal(redaction: Redaction): void {
  redaction.hideAll(withoutSpace, mark, (part) => email.test(part));
  redaction.hideAll(uuids, mark);
  redaction.hideAll(keys, mark);
}

const notJson = ' is not valid JSON';
/** Without a closing quote, up to the end: the words may have been cut. */
const quoted = /"([^"]*)"?/g;
const urls = /(?<![a-z0-9+.-])[a-z0-9+.-]*:\/\/[^\s"'<>]+/gi;
const paths = /\/?\bapps\/[^\s"'<>]+/gi;

/** HTTP clients put URLs and paths into messages. `JSON.parse` quotes part of its input without escaping its quotes. */
export function hideTechnical(redaction: Redaction): void {
  const { open } = redaction;
  const end = open.lastIndexOf(notJson);
  const first = open.indexOf('"');
  const last = open.lastIndexOf('"', end);
  if (end >= 0 && first < last) redaction.hide({ from: first + 1, to: last }, mark);
  for (const { 1: inside = '', index } of redaction.open.matchAll(quoted))
    redaction.hide({ from: index + 1, to: index + 1 + inside.length }, mark);
  redaction.hideAll(urls, '<url>');
  redaction.hideAll(paths, '<path>');
}
