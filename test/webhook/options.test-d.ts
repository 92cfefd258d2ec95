import { test } from 'vitest';
import { createWebhookHandler } from '../../src/webhook/index.js';

const destination = { deliver: async () => [] };

test('options without a check do not compile', () => {
  createWebhookHandler(destination, { secrets: ['a'] });
  createWebhookHandler(destination, { tokens: ['a'], maxBytes: undefined });
  createWebhookHandler(destination, { writeKeys: ['a'] });
  createWebhookHandler(destination, { allowUnsigned: true });
  // @ts-expect-error nobody could send
  createWebhookHandler(destination, {});
  // @ts-expect-error nobody could send
  createWebhookHandler(destination, { allowUnsigned: false });
  // @ts-expect-error must be an array, so that a secret can be rotated
  createWebhookHandler(destination, { secrets: 'a' });
  // @ts-expect-error the variable may be unset
  createWebhookHandler(destination, { secrets: [process.env.SECRET] });
  // @ts-expect-error the option is called secrets
  createWebhookHandler(destination, { secrets: ['a'], secret: 'a' });
});
