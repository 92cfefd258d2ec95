import { expect, test } from 'vitest';
import { version } from '../../package.json';
import { createOneSignalTransport } from '../../src/onesignal/client.js';
import { identification } from '../../src/onesignal/identification.js';
import { createUndiciTransport } from '../../src/undici/index.js';

test('requests name the library and its version, unless you name your own', () => {
  expect(identification({})).toEqual({ 'user-agent': `segment-onesignal/${version}` });
  expect(identification({ userAgent: 'acme/2.0 (+https://acme.example)' })).toEqual({
    'user-agent': 'acme/2.0 (+https://acme.example)',
  });
});

test('a partner is named with the exact spacing and suffix that OneSignal requires', () => {
  expect(identification({ partner: 'Acme' })).toMatchObject({ 'onesignal-usage': 'Acme | Partner Integration' });
});

test('a partner whose name already ends with the suffix does not get it twice', () => {
  for (const partner of ['Acme | Partner Integration', 'Acme |partner integration', 'Acme   |   Partner Integration'])
    expect(identification({ partner })).toMatchObject({ 'onesignal-usage': 'Acme | Partner Integration' });
});

test('a partner whose name continues after the suffix keeps that name', () => {
  expect(identification({ partner: 'Acme | Partner Integration Team' })).toMatchObject({
    'onesignal-usage': 'Acme | Partner Integration Team | Partner Integration',
  });
});

test.each([
  ['partner', ''],
  ['partner', ' Acme'],
  ['partner', 'Acmé'],
  ['userAgent', 'acme\r\nx: y'],
  ['userAgent', 7],
])('both transports refuse %s: %j', (option, value) => {
  const options = { apiKey: 'os_v2_app_key', [option]: value };
  const message = `"${option}" must be a non-empty string of printable ASCII characters without white space around it.`;
  for (const create of [createOneSignalTransport, createUndiciTransport])
    expect(() => Reflect.apply(create, undefined, [options])).toThrow(expect.objectContaining({ option, message }));
});
