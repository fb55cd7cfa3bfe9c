import { expect, test } from '@jest/globals';
import { reportHgrm } from '../../../src/analysis/latency/report-hgrm.ts';
import type { ReportEntry } from '../../../src/analysis/report/columns.ts';
import { buildReport } from '../../../src/analysis/report/report.ts';
import type { Measurement } from '../../../src/contracts/documents/metrics.ts';
import { latency, measurement, result } from '../../support/documents.ts';
import { histogram } from '../../support/load-parts.ts';

const entry = (name: string, measured: Measurement | null): ReportEntry => ({
  experiment: {
    id: `id-of-${name}`,
    name,
    technology: 'kafka',
    target: 'local',
    emulated: false,
    outcome: 'completed',
  },
  result: result({ name, measurement: measured }),
  failure: null,
});

const report = (...entries: ReportEntry[]) =>
  buildReport({ title: null, comparisonId: null, generatedAt: new Date(0), entries });

test('each latency that was measured, below what it is', () => {
  const measured = measurement({
    latency: {
      publish: latency({ histogram: histogram(1_000) }),
      publishScheduled: latency({ histogram: null }),
      endToEnd: latency({ histogram: histogram(2_000) }),
    },
  });
  const moving = { ...measured, steady: false, steadyReason: 'it rose' };
  const text = reportHgrm(report(entry('A', measured), entry('B', null), entry('C', moving)));
  expect(text.split('\n').filter((line) => /^# /.test(line))).toEqual([
    '# A: publish, ms',
    '# A: endToEnd, ms',
    '# C (not steady): publish, ms',
    '# C (not steady): endToEnd, ms',
  ]);
  expect(text.match(/^ +Value +Percentile/gm)).toHaveLength(4);
});

test('nothing where nothing was measured', () => {
  expect(reportHgrm(report(entry('A', null)))).toBe('# nothing was measured');
});
