import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SignatureError } from '../../src/index.js';
import { sign, verify } from '../../src/webhook/index.js';
import { segmentSignature, signatureOf } from './receiver.js';

const codeOf = (promise: Promise<void>) =>
  promise.then(
    () => 'held',
    (error: unknown) => (error instanceof SignatureError ? error.code : error),
  );

test.each([
  ['RFC 2202, case 2', 'what do ya want for nothing?', 'Jefe', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
  ['a Segment event', '{"type":"identify","userId":"u1"}', 'shh', '14cba10a0efe3a51852ac2b6e012406470ee4833'],
  ['unicode in both', '{"name":"Zoë 🐝"}', 'schlüssel', '2b105767165bd4b9739b53130bcc027878b10f5b'],
])('sign returns the documented signature: %s', async (_what, body, secret, signature) => {
  expect(await sign(body, secret)).toBe(signature);
  await verify(body, signature, [secret]);
});

test("sign agrees with the description of Segment's own code", async () => {
  const event = { type: 'track', event: 'Ünïcode 🐝 \u2028', properties: { 2: 'b', 1: 'a', big: 1e21, quote: '"' } };
  expect(await sign(JSON.stringify(event), 'shh')).toBe(segmentSignature(event, 'shh'));
});

test('sign agrees with another implementation for any string, even an ill-formed one', async () => {
  const text = fc.string({ unit: 'binary' });
  await fc.assert(
    fc.asyncProperty(text, fc.string({ minLength: 1 }), async (body, secret) => {
      expect(await sign(body, secret)).toBe(signatureOf(body, secret));
    }),
  );
});

test('sign refuses an empty secret', async () => {
  await expect(sign('{}', '')).rejects.toThrow('"secret" is empty');
});

describe('verify', () => {
  const body = '{"type":"identify","userId":"u1"}';
  const signature = signatureOf(body, 'shh');

  test.each([
    ['the signature of one of several secrets', signature, ['new', 'shh']],
    ['upper-case hex', signature.toUpperCase(), ['shh']],
  ])('accepts %s', async (_what, given, secrets) => {
    await verify(body, given, secrets);
  });

  test.each([
    ['none', null, 'missing'],
    ['an empty signature', '', 'missing'],
    ['one that is too short', signature.slice(1), 'malformed'],
    ['one that is too long', `${signature}0`, 'malformed'],
    ['one with an invalid digit', `g${signature.slice(1)}`, 'malformed'],
    ['two values that a proxy joined', `${signature}, ${signature}`, 'malformed'],
    ['one with a line break', `${signature}\n`, 'malformed'],
    ['one in base64', Buffer.from(signature, 'hex').toString('base64'), 'malformed'],
    ['one for another body', signatureOf(`${body} `, 'shh'), 'mismatch'],
    ['one made with another secret', signatureOf(body, 'other'), 'mismatch'],
  ])('refuses %s', async (_what, given, code) => {
    expect(await codeOf(verify(body, given, ['shh']))).toBe(code);
  });

  test.each([
    [null, 'X-Signature is missing. Set the shared secret in the webhook destination.'],
    ['f00', 'X-Signature must be 40 hex digits, the HMAC-SHA1 of the body'],
    [signature, 'X-Signature does not match this body and secret. Compare the shared secrets of both sides.'],
  ])('says what to do about %j', async (given, message) => {
    await expect(verify(body, given, ['other'])).rejects.toThrow(message);
  });

  test('refuses undefined, which node:http returns for an absent header', async () => {
    const headers: { 'x-signature'?: string } = {};
    expect(await codeOf(Reflect.apply(verify, undefined, [body, headers['x-signature'], ['shh']]))).toBe('missing');
  });

  test('refuses everything if there are no secrets, or only an empty one', async () => {
    expect(await codeOf(verify(body, signatureOf(body, ''), ['']))).toBe('mismatch');
    expect(await codeOf(verify(body, signature, []))).toBe('mismatch');
  });

  test('rejects only with a SignatureError, whose message contains neither signature nor secret', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (given) => {
        const error: unknown = await verify(body, given, ['shh-secret']).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(SignatureError);
        expect(String(error)).not.toContain('shh-secret');
      }),
    );
  });

  test('refuses a signature with any one digit changed', async () => {
    for (let index = 0; index < signature.length; index += 1) {
      const digit = signature[index] === '0' ? '1' : '0';
      const changed = `${signature.slice(0, index)}${digit}${signature.slice(index + 1)}`;
      expect(await codeOf(verify(body, changed, ['shh']))).toBe('mismatch');
    }
  });
});
