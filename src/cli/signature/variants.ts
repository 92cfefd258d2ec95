import { gunzipSync } from 'node:zlib';
import type { Explanation } from './explain-form.js';

/** Another body or secret under which the signature may match, and what it means if it does. */
export interface Variant extends Explanation {
  readonly text: string;
}

const capture = 'The webhook itself is fine: capture the body as it was sent.';

/** Bodies that become this one when they are captured, parsed or batched on the way. */
export function bodyVariants(bytes: Uint8Array): Variant[] {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const variants: (Variant | undefined)[] = [
    unpacked(bytes),
    {
      text: text.replace(/\r?\n$/, ''),
      finding: 'X-Signature matches the body without the line break at its end, which an editor or echo has added.',
      advice: capture,
    },
    {
      text: text.replace(/^\uFEFF/, ''),
      finding: 'X-Signature matches the body without the byte order mark at its start.',
      advice: capture,
    },
    {
      text: text.replaceAll('\r\n', '\n'),
      finding: 'X-Signature matches the body with the line breaks \\n: they were turned into \\r\\n.',
      advice: capture,
    },
    ...jsonVariants(text),
  ];
  return variants.filter((variant) => variant !== undefined);
}

function unpacked(bytes: Uint8Array): Variant | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return undefined;
  return {
    text: gunzipSync(bytes).toString('utf8'),
    finding: 'X-Signature matches the decompressed body: the file is gzip.',
    advice: 'The webhook itself is fine: Segment signs a body before compressing it.',
  };
}

function jsonVariants(text: string): Variant[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [];
  }
  const variants: Variant[] = [
    {
      text: JSON.stringify(parsed),
      finding: 'X-Signature matches the same JSON without spaces: the body was parsed and serialized again.',
      advice: 'Verify the body as it was received, before a JSON parser reads it.',
    },
  ];
  if (Array.isArray(parsed) && parsed.length > 0)
    variants.push({
      text: JSON.stringify(parsed[0]),
      finding: `X-Signature covers only the first of ${parsed.length} events: Segment signs batches that way.`,
      advice: "Turn batching off in the webhook destination, or set tokens or batchSignature: 'first-event'.",
    });
  return variants;
}

/** Secrets that become this one when they are copied. */
export function secretVariants(secret: string): Variant[] {
  const advice = 'Correct SEGMENT_SHARED_SECRET, or secrets in the config file.';
  const variants = [
    { text: secret.trim(), finding: 'X-Signature matches the secret without the white space around it.' },
    {
      text: secret.replace(/^(["'])(.*)\1$/, '$2'),
      finding: 'X-Signature matches the secret without the quotes around it.',
    },
    { text: secret.toLowerCase(), finding: 'X-Signature matches the secret in lower case.' },
  ];
  return variants.filter(({ text }) => text !== secret && text !== '').map((variant) => ({ ...variant, advice }));
}
