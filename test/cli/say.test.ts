import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { renderTable } from '../../src/cli/table.ts';
import { projectRoot } from '../../src/config.ts';

test('the command line writes through say.ts alone, which makes foreign words harmless', () => {
  const files = readdirSync(join(projectRoot, 'src/cli'), { recursive: true, encoding: 'utf8' });
  const writers = files.filter(
    (file) =>
      file.endsWith('.ts') &&
      /\bconsole\.|process\.std(out|err)\.write/.test(
        readFileSync(join(projectRoot, 'src/cli', file), 'utf8'),
      ),
  );
  expect(writers).toEqual(['say.ts']);
});

test('in a table a name stays in its line, and turns nothing around', () => {
  const table = renderTable({ head: ['Name'], numeric: [false], rows: [['a\nb\u202Ec\u001b[31m']] });
  expect(table).toContain('│ a b\\u202ec [31m │');
});
