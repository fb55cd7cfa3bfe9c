import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadReportFile } from '../../../src/cli/spec-file/report-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'comparator-report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['broken JSON', '{"title": "x",\n "id" 1}', /report\.json:2:7: not JSON: Expected ':'/],
  [
    'another document',
    '{"title": 1}',
    /is no report of this release \(\/\w+ (is required|must be text, not)/,
  ],
  ['no document', 'null', /is no report of this release \(the whole of it must be an object, not null\)/],
])('a file of %s is refused in our words', (_, text, message) => {
  const file = join(folder, 'report.json');
  writeFileSync(file, text);
  expect(() => loadReportFile(file)).toThrow(message);
});

test('a report is larger than what a person writes, and is read all the same', () => {
  const file = join(folder, 'large.json');
  writeFileSync(file, JSON.stringify({ title: 1, series: 'x'.repeat(2 * 1024 * 1024) }));
  expect(() => loadReportFile(file)).toThrow(/is no report of this release/);
});
