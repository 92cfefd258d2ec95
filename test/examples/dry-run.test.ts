import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../code-blocks.js';

test('the dry run prints plans, dropped fields and requests, and sends nothing', () => {
  const input = readFileSync(join(root, 'examples', 'demo', 'shop.ndjson'));
  // ONESIGNAL_SANDBOX is not set, so any request would end the process with an error.
  const args = ['--import', 'tsx', '--import', './test/examples/redirect-onesignal.mjs', 'examples/dry-run.ts'];
  const lines = execFileSync(process.execPath, args, { cwd: root, input, encoding: 'utf8' }).split('\n');
  expect(lines.slice(0, 5)).toEqual([
    'planned shop-001',
    '  dropped traits.email: identifier',
    '  PATCH /apps/3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10/users/by/external_id/ada {"properties":{"tags":{"first_name":"Ada","last_name":"Byron","plan":"free","age":"36","newsletter":"true"}}}',
    'planned shop-002',
    '  dropped traits.phone: identifier',
  ]);
  expect(lines.filter((line) => /^\w/.test(line))).toHaveLength(47);
});
