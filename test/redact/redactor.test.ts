import { describe, expect, test } from 'vitest';
import type { ErrorCause } from '../../src/errors.js';
import { createRedactor } from '../../src/redact/redactor.js';
import { textsIn } from '../../src/redact/texts-in.js';

const redact = (words: string, ids: Iterable<string>): string => createRedactor({ ids, values: [] }).redact(words);

const plainCause = (thrown: unknown, ids: Iterable<string> = []): ErrorCause =>
  createRedactor({ ids, values: [] }).plainCause(thrown);

const withIds = (words: string, ...ids: string[]): string => createRedactor({ ids, values: [] }).redact(words);
const withValues = (words: string, ...values: string[]): string => createRedactor({ ids: [], values }).redact(words);

describe('a secret is found however the words write it', () => {
  test.each<[string, string, string, string]>([
    ['in another case', 'Jane-Doe', 'no user JANE-DOE here', 'no user <redacted> here'],
    ['in a case of another length', 'Straße 1', 'no street STRASSE 1 here', 'no street <redacted> here'],
    ['in a case of another letter', 'ΟΔΟΣ', 'no street οδος here', 'no street <redacted> here'],
    ['percent-encoded in lower case', 'Jané/Doe', 'GET jan%c3%a9%2fdoe failed', 'GET <redacted> failed'],
    ['percent-encoded in part', 'jané doe/x', 'GET jané%20doe/x failed', 'GET <redacted> failed'],
    ['percent-encoded twice', 'a b/cd', 'GET a%2520b%252Fcd failed', 'GET <redacted> failed'],
    ['escaped in JSON', 'say "hi"', 'got {"v":"say \\"hi\\""}', 'got {"v":"<redacted>"}'],
    ['escaped in JSON in JSON', 'say "hi"', 'got \\"say \\\\\\"hi\\\\\\"\\"', 'got \\"<redacted>\\"'],
    ['with \\u escapes', 'Größe', 'value Gr\\u00f6\\u00DFe is bad', 'value <redacted> is bad'],
    ['with an escaped slash', 'ab/cd', 'value ab\\/cd is bad', 'value <redacted> is bad'],
    ['percent-encoded JSON', 'a "b" c', 'GET ?v=a%20%5C%22b%5C%22%20c failed', 'GET ?v=<redacted> failed'],
    ['with escapes of its own', '50%41 "x"', 'value 50%41 \\"x\\" is bad', 'value <redacted> is bad'],
    ['with other white space', 'Jane Doe', 'no user Jane\n\tDoe here', 'no user <redacted> here'],
    ['without the space around it', ' Jane-Doe\n', 'no user Jane-Doe here', 'no user <redacted> here'],
    ['cut', 'jane.doe.of.vienna', 'value jane.doe… is too long', 'value <redacted>… is too long'],
    ['cut and encoded', 'Jané Doe of Vienna', 'GET Jan%C3%A9%20Doe%20of failed', 'GET <redacted> failed'],
    ['cut in another case', 'jane.doe.of.vienna', 'value JANE.DOE.O... is bad', 'value <redacted>... is bad'],
    ['with a lone surrogate as OneSignal sends it', 'jane\ud800doe', 'no user jane\ufffddoe', 'no user <redacted>'],
  ])('%s', (_, secret, words, left) => {
    expect(withIds(words, secret)).toBe(left);
    expect(withValues(words, secret)).toBe(left);
  });

  test.each([
    ['without +', '436601234567'],
    ['with spaces', '+43 660 1234567'],
    ['with parentheses, dots and dashes', '(43) 660.123-45-67'],
    ['with no-break spaces and hyphens', '43\u00a0660\u20111234567'],
    ['with 00', '00436601234567'],
    ['percent-encoded', '%2B43%20660%201234567'],
    ['cut', '43 660 12345'],
  ])('a phone number %s', (_, written) => {
    const [before, after] = withIds(`number ${written} is bad`, '+436601234567').split(/[+(]*<redacted>/);
    expect([before?.replace(/%2B|00|\(/, ''), after]).toEqual(['number ', ' is bad']);
  });

  test('a phone number that the event writes with separators', () => {
    expect(withValues('number 436601234567 is bad', '+43 (660) 123-45 67')).toBe('number <redacted> is bad');
  });

  test('a string beyond ASCII at any length', () => {
    expect(withValues('用户李明不存在', '李明')).toBe('用户<redacted>不存在');
  });

  test('several that overlap', () => {
    expect(withIds('no jane-doe-of-vienna here', 'jane-doe', 'doe-of-vienna')).toBe('no <redacted> here');
  });

  test('but the mark itself is not searched', () => {
    expect(withIds('no jane-doe here', 'jane-doe', 'redacted', 'd')).toBe('no <redacted> here');
  });
});

describe('ordinary words stay', () => {
  test.each([
    ['pro', 'the pro plan has 1 tag, true or false'],
    ['the', 'the pro plan has 1 tag, true or false'],
    ['1', 'the pro plan has 1 tag, true or false'],
    ['true', 'the pro plan has 1 tag, true or false'],
    ['FALSE', 'the pro plan has 1 tag, true or false'],
    ['null', 'null is not allowed'],
    ['9.99', 'at most 9.99'],
    ['-12.5', 'at least -12.5'],
    ['email', 'email is invalid'],
    ['user', 'the user has too many tags'],
    ['tags', 'the user has too many tags'],
    ['port', 'this is not supported'],
    ['able', 'this API is not available'],
  ])('where the value is %s', (value, words) => {
    expect(withValues(words, value)).toBe(words);
  });

  test.each([
    ['7', 'no user_id 7, 17 or 7a', 'no user_id <redacted>, 17 or 7a'],
    ['u1', 'no user U1 (u1)', 'no user <redacted> (<redacted>)'],
    ['pro', 'the pro of the problem', 'the <redacted> of the problem'],
    ['true', 'user true', 'user <redacted>'],
  ])('but an id is removed where it stands alone: %s', (id, words, left) => {
    expect(withIds(words, id)).toBe(left);
    expect(createRedactor({ ids: [id], values: [id] }).redact(words)).toBe(left);
    expect(redact(words, [id])).toBe(left);
  });

  test.each([
    ['Wien', 'no tag wien here', 'no tag <redacted> here'],
    ['2024', 'no tag a2024b here', 'no tag a<redacted>b here'],
    ['12.50', 'amount 12.50 is bad', 'amount <redacted> is bad'],
    ['Timbuktu', 'no tag cityTimbuktu here', 'no tag city<redacted> here'],
  ])('but a value of four or more characters is removed: %s', (value, words, left) => {
    expect(withValues(words, value)).toBe(left);
  });

  test('if they are the first letters of a short secret', () => {
    expect(withIds('customer not found', 'customer-1')).toBe('customer not found');
  });
});

describe('the words are cut', () => {
  test('to 200 characters', () => {
    expect(redact('words '.repeat(100), [])).toBe('words '.repeat(100).slice(0, 200));
    expect(redact(`  \n ${'words '.repeat(100)}`, [])).toBe('words '.repeat(100).slice(0, 200));
  });

  test('but the words after a long secret are still shown', () => {
    expect(withValues(`value ${'jane-doe '.repeat(20)}is too long`, 'jane-doe '.repeat(20))).toBe(
      'value <redacted> is too long',
    );
  });

  test('without leaving a part of a secret, wherever the cut is', () => {
    // Many short marks replace long secrets, so that the end of the searched words is shown.
    const long = 'a-long-secret-of-many-characters-'.repeat(3);
    const forms: [string, string][] = [
      ['jane-doe', 'jane-doe'],
      ['Jané/"Doe"', encodeURIComponent('Jané/"Doe"')],
      ['猫犬鳥魚馬牛豚羊', encodeURIComponent(encodeURIComponent('猫犬鳥魚馬牛豚羊'))],
      ['+436601234567', '+43 (660) 123 / 45-67'],
    ];
    for (const [secret, written] of forms)
      for (let gap = 0; gap < 120; gap++) {
        const words = `${`${long} `.repeat(9)}${'.'.repeat(gap)} ${written} ${'more '.repeat(500)}`;
        expect(withIds(words, long, secret).replaceAll('<redacted>', '')).not.toMatch(/jan|doe|\d|%/i);
      }
  });

  test.each([
    ['an email address', 'somebody.else@example.org', /some|body|exam/],
    ['a UUID', '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', /7d3|c43/],
    ['a key', 'Key os_v2_app_abcdefghijklmnop', /os_v2|abc/],
  ])('through %s, of which nothing is left', (_, foreign, part) => {
    const long = 'a-long-secret-of-many-characters-'.repeat(3);
    for (let gap = 0; gap < 120; gap++) {
      const words = `${`${long} `.repeat(9)}${'.'.repeat(gap)} ${foreign} ${'more '.repeat(500)}`;
      expect(withIds(words, long)).not.toMatch(part);
    }
  });

  test('and a percent-encoded email address is redacted', () => {
    expect(redact('ask jo%40example.org or @jo', [])).toBe('ask <redacted> or @jo');
  });
});

describe('an error’s message', () => {
  const messageOf = (message: string, ...ids: string[]): string => plainCause(new Error(message), ids).message;

  test('shows no part of an id with a quote in it', () => {
    expect(messageOf('no user Jane"Doe with "x" here', 'Jane"Doe')).toBe('no user <redacted> with "<redacted>" here');
    expect(messageOf('no user a"b with "x" here', 'a"b')).toBe('no user <redacted> with "<redacted>" here');
  });

  test('shows nothing of input that JSON.parse quotes, quotes included', () => {
    for (const source of ['{"name": "Jane Doe"', '["Jane", Doe]', '{"name":"Jane","n":Doe of Vienna, Austria']) {
      let thrown: unknown;
      try {
        JSON.parse(source);
      } catch (error) {
        thrown = error;
      }
      expect(plainCause(thrown).message).not.toMatch(/jane|name|vienna|n"/i);
    }
  });

  test('shows nothing of a quotation that does not end', () => {
    expect(messageOf('cannot parse "Jane Doe of')).toBe('cannot parse "<redacted>');
    expect(messageOf(`cannot parse "${'Jane Doe '.repeat(1_000)}"`)).toBe('cannot parse "<redacted>');
  });

  test('shows no part of a URL with an id in it', () => {
    expect(messageOf('GET https://example.org/users/jane-doe/devices/9 failed', 'jane-doe')).toBe('GET <url> failed');
    expect(messageOf('GET 1http://example.org/x failed')).toBe('GET <url> failed');
    expect(messageOf('GET /apps/a/users/jane-doe/devices/9 failed', 'jane-doe')).toBe('GET <path> failed');
  });

  test('is redacted by a redactor like any other words', () => {
    const redactor = createRedactor({ ids: ['u1'], values: ['pro', 'Timbuktu'] });
    const thrown = Object.assign(new TypeError('the pro plan of u1 in TIMBUKTU'), { code: 'TIMBUKTU' });
    expect(redactor.plainCause(thrown)).toEqual({
      name: 'TypeError',
      code: '<redacted>',
      message: 'the pro plan of <redacted> in <redacted>',
    });
  });

  test('keeps its name if a value is a part of it', () => {
    const redactor = createRedactor({ ids: [], values: ['error', 'type', 'conn'] });
    const thrown = Object.assign(new TypeError('terminated'), { code: 'ECONNRESET' });
    expect(redactor.plainCause(thrown)).toEqual({ name: 'TypeError', code: 'ECONNRESET', message: 'terminated' });
  });
});

describe('more strings than can be searched for', () => {
  const many = Array.from({ length: 60_000 }, (_, index) => `value-${index}`);

  test('leave nothing of the words', () => {
    const texts = textsIn(many);
    expect(texts.size).toBeLessThan(many.length);
    expect(redact('no user value-59999', texts)).toBe('<redacted>');
    expect(redact(' ', texts)).toBe('');
    expect(createRedactor({ ids: ['u1'], values: texts }).redact('not found')).toBe('<redacted>');
    expect(plainCause(new TypeError('not found'), texts)).toEqual({ name: '<redacted>', message: '<redacted>' });
  });

  test('are more than the strings of a thousand events', () => {
    const texts = textsIn(many.slice(0, 16_000));
    expect(redact('no user value-15999', texts)).toBe('no user <redacted>');
  });

  test('are counted once each', () => {
    expect(textsIn(many.map(() => 'jane-doe'))).toEqual(new Set(['jane-doe']));
  });
});

describe('redaction is cheap', () => {
  const cpuMsOf = (work: () => void): number => {
    const started = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1_000;
  };

  test('with the strings of a thousand events', () => {
    const events = Array.from({ length: 1_000 }, (_, event) =>
      Array.from({ length: 15 }, (_, index) => `v${event.toString(36)}${index.toString(36)}`),
    );
    const ms = cpuMsOf(() => {
      const { redact } = createRedactor({ ids: [], values: textsIn(events) });
      for (let reason = 0; reason < 10; reason++) redact(`property v0${reason} of the event is not valid`);
    });
    // About 15 ms. A regular expression for each string and reason took 4.8 s.
    expect(ms).toBeLessThan(1_000);
  });

  test.each(['a@', 'a.', 'http://', 'a@b.', '%41', '"'])('in 100 kB of %j', (piece) => {
    const { redact, plainCause: causeOf } = createRedactor({ ids: ['jane-doe'], values: ['vienna'] });
    const words = piece.repeat(100_000 / piece.length);
    const ms = cpuMsOf(() => {
      redact(words);
      causeOf(new Error(words));
    });
    // A few ms. Quadratic patterns took 9.8 s.
    expect(ms).toBeLessThan(500);
  });
});

test('a value that cannot be read has no strings', () => {
  const hostile = {
    name: 'Jane',
    get broken() {
      throw new Error('mine');
    },
    proxy: new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('mine');
        },
      },
    ),
  };
  expect(textsIn(hostile)).toEqual(new Set(['Jane']));
});
