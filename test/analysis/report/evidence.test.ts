import { expect, test } from '@jest/globals';
import { reportMarkdown } from '../../../src/analysis/report/report-markdown.ts';
import { reportHtml } from '../../../src/api/reports/report-html.ts';
import type { Report } from '../../../src/contracts/documents/api.ts';
import { measurement } from '../../support/documents.ts';
import { reportColumn, reportRun } from '../../support/report-column.ts';

const p99 = 'latency.endToEnd.p99Ms';
const runs = [reportRun(0, { [p99]: 10 }), reportRun(1, { [p99]: null })];
const report = {
  title: 'evidence',
  comparisonId: null,
  generatedAt: '2026-11-24T13:00:00.000Z',
  caveats: [],
  recommendation: null,
  columns: [reportColumn('A*', { measurement: measurement(), runs })],
  differences: [],
  notes: [],
} as unknown as Report;

const lines = [
  'At http://localhost:3000, for as long as that comparator runs and keeps them.',
  '- A\\*, run 1 (run-1): [log](http://localhost:3000/api/experiments/run-1/log), [publish.hgrm](http://localhost:3000/api/experiments/run-1/histograms/publish.hgrm), [publishScheduled.hgrm](http://localhost:3000/api/experiments/run-1/histograms/publishScheduled.hgrm), [endToEnd.hgrm](http://localhost:3000/api/experiments/run-1/histograms/endToEnd.hgrm)',
  '- A\\*, run 2 (run-2): [log](http://localhost:3000/api/experiments/run-2/log)',
];

test('Markdown links to the log of each run, and to the raw histograms of what was measured', () => {
  const markdown = reportMarkdown(report, 'http://localhost:3000/');
  for (const line of lines) expect(markdown).toContain(line);
  expect(reportMarkdown(report)).not.toContain('.hgrm');
});

test('an HTML report knows where they are, and says so without a script too', () => {
  const page = { document: '', assets: new Map(), report: { script: '', style: '' } };
  const file = { report, series: [], input: '', apiUrl: 'http://localhost:3000' };
  const { html } = reportHtml(file, page);
  expect(html).toContain('"apiUrl":"http://localhost:3000"');
  expect(html).toContain(lines[2]);
});
