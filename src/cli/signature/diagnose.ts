import { SignatureError } from 'segment-onesignal';
import { verify } from 'segment-onesignal/webhook';
import { explainForm } from './explain-form.js';
import { bodyVariants, secretVariants } from './variants.js';

/** What is known about the signature of a captured webhook. */
export interface Diagnosis {
  readonly matches: boolean;
  /** One sentence on what is the case. */
  readonly finding: string;
  /** One sentence on what to do. Absent if the signature matches. */
  readonly advice?: string;
}

/** Says whether a signature matches, and if not, which part fails: the header, the body or the secret. */
export async function diagnose(
  signature: string | undefined,
  body: Uint8Array,
  secrets: readonly string[],
): Promise<Diagnosis> {
  const malformed = explainForm(signature);
  if (signature === undefined || malformed !== undefined) return { matches: false, ...(malformed ?? missing) };
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
  for (const [index, secret] of secrets.entries()) {
    if (await isMatch(text, signature, secret))
      return { matches: true, finding: `X-Signature matches the body and secret ${index + 1} of ${secrets.length}.` };
  }
  for (const secret of secrets)
    for (const variant of bodyVariants(body))
      if (await isMatch(variant.text, signature, secret)) return { matches: false, ...variant };
  for (const secret of secrets)
    for (const variant of secretVariants(secret))
      if (await isMatch(text, signature, variant.text)) return { matches: false, ...variant };
  return { matches: false, ...unexplained };
}

const missing = {
  finding: 'The header X-Signature is missing.',
  advice: 'Set the shared secret in the settings of the webhook destination: without one, Segment does not sign.',
};
const unexplained = {
  finding: 'X-Signature has the right format, but was made with another secret or for another body.',
  advice:
    'Compare the secret with the one in the webhook destination, and check that the body is saved byte for byte, not parsed and serialized again.',
};

async function isMatch(body: string, signature: string, secret: string): Promise<boolean> {
  try {
    await verify(body, signature, [secret]);
    return true;
  } catch (thrown) {
    if (thrown instanceof SignatureError) return false;
    throw thrown;
  }
}
