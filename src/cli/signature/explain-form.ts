/** A finding and what to do about it. */
export interface Explanation {
  readonly finding: string;
  readonly advice: string;
}

const hex40 = /^[0-9a-f]{40}$/i;

/** Why no body can match this value of `X-Signature`; `undefined` if some body may. */
export function explainForm(signature: string | undefined): Explanation | undefined {
  if (signature === undefined || signature === '' || hex40.test(signature)) return undefined;
  const expected = 'Segment sends 40 hex digits, the HMAC-SHA1 of the body';
  if (/^sha1=/i.test(signature))
    return {
      finding: `X-Signature begins with "sha1=". ${expected}.`,
      advice: 'Find out which proxy or middleware adds the prefix.',
    };
  if (/^[0-9a-f]{64}$/i.test(signature))
    return {
      finding: `X-Signature has 64 hex digits, as an HMAC-SHA256 has. ${expected}.`,
      advice: 'Check that the request comes from Segment.',
    };
  if (/^[A-Za-z0-9+/]{27}=$/.test(signature))
    return {
      finding: `X-Signature is base64. ${expected}.`,
      advice: 'Find out which proxy or middleware encodes it again.',
    };
  return {
    finding: `X-Signature has ${signature.length} characters. ${expected}.`,
    advice: 'Check that the header was captured completely.',
  };
}
