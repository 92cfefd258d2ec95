import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../code-blocks.js';

const demo = (args: string[], input = ''): string =>
  execFileSync(process.execPath, ['--import', 'tsx', 'examples/demo/main.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
    input,
  });

test('the demo prints outcomes, dropped fields, users, segments and totals within 80 columns', () => {
  const lines = demo([]).split('\n');
  expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
  const text = lines.join('\n');
  expect(text).toContain('48 events: 35 delivered, 11 skipped, 2 failed');
  expect(text).toMatch(/16 identify .* grace +delivered update_user, ensure_segment/);
  expect(text).toMatch(/17 track .* skipped +no_user_id/);
  expect(text).toMatch(/18 .* failed +The line is not valid JSON/);
  expect(text).toMatch(/22 identify .* ghost +skipped +user_not_found/);
  expect(text).toContain('dropped traits.address: nested');
  expect(text).toMatch(/linus +plan=starter/);
  expect(text).toMatch(/Teams in EMEA +emea_teams = true +margaret/);
  expect(text).toMatch(/first_time_buyers +first_time_buyers = true +no members/);
  expect(text).toMatch(/tag from Segment +big_spenders = true\npush to the segment +big_spenders: grace/);
  expect(text).toMatch(/track in Segment +Push Sent +grace +The "Spring" sale is on/);
  expect(text).toMatch(/track in Segment +Push Clicked +grace +The "Spring" sale is on/);
  expect(text.match(/and to OneSignal\? +skipped loop/g)).toHaveLength(2);
});

test('the demo accepts any NDJSON, from a file or from standard input', () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-'));
  const events = '{"type":"identify","userId":"x","traits":{"a":1}}\n\nbroken\n';
  try {
    const file = join(folder, 'events.ndjson');
    writeFileSync(file, events);
    for (const output of [demo([file]), demo(['-'], events)]) {
      expect(output).toContain('2 events: 1 delivered, 1 failed');
      expect(output).toMatch(/^x +a=1$/m);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the demo prints its usage', () => {
  expect(demo(['--help'])).toContain('npm run demo -- FILE');
});
