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
  // @ts-expect-error a list, so that a secret can be changed
  createWebhookHandler(destination, { secrets: 'a' });
  // @ts-expect-error a variable that may not be set
  createWebhookHandler(destination, { secrets: [process.env.SECRET] });
  // @ts-expect-error it has another name
  createWebhookHandler(destination, { secrets: ['a'], secret: 'a' });
});
