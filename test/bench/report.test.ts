import { expect, test } from '@jest/globals';
import { withReport } from './report.ts';

const page = '# Benchmarks\n\n<!-- stall -->\n\n## Old\n\n1 ms\n\n<!-- /stall -->\n\n<!-- limited -->\n';

test('a report takes the place of the earlier one, a heading lower, and leaves the rest', () => {
  expect(withReport(page, 'stall', '# New\n\n## Part\n\n2 ms\n')).toBe(
    '# Benchmarks\n\n<!-- stall -->\n\n## New\n\n### Part\n\n2 ms\n\n<!-- /stall -->\n\n<!-- limited -->\n',
  );
});

test('a report that the page does not have yet goes to its end', () => {
  expect(withReport('# Benchmarks\n', 'stall', '# New\n')).toBe(
    '# Benchmarks\n\n<!-- stall -->\n\n## New\n\n<!-- /stall -->\n',
  );
});
