/** Names of the tz database. Those that Windows uses contain spaces. */
const tzName = /^[A-Za-z][\w+-]*(?:\/[\w+-]+)*$/;
/** Longer than any real name. */
const maxCharacters = 64;
/** More names than the tz database has. */
const maxRemembered = 1_000;

/**
 * Creates the check whether a value is the name of a time zone that exists.
 *
 * It remembers its answers, because asking `Intl` takes about 0.1 ms, a hundred times as long as mapping an event.
 * Where there is no `Intl`, every name with the form of one passes.
 */
export function createTimeZoneCheck(): (value: unknown) => value is string {
  const answers = new Map<string, boolean>();
  return (value): value is string => {
    if (typeof value !== 'string' || value.length > maxCharacters || !tzName.test(value)) return false;
    const known = answers.get(value);
    if (known !== undefined) return known;
    const answer = isKnownToIntl(value);
    if (answers.size >= maxRemembered) answers.clear();
    answers.set(value, answer);
    return answer;
  };
}

function isKnownToIntl(timeZone: string): boolean {
  if (typeof Intl === 'undefined') return true;
  try {
    return new Intl.DateTimeFormat('en', { timeZone }) !== undefined;
  } catch {
    return false;
  }
}
