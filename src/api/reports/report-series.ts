import { markedName } from '../../analysis/report/text-table.ts';
import type { Report } from '../../contracts/documents/api.ts';
import { type Second, secondSchema } from '../../contracts/documents/metrics.ts';
import type { ReportFile } from '../../contracts/documents/report/report-file.ts';
import type { RouteContext } from '../context.ts';

/** Seconds of the first run of each measured variant; those that cannot be read are left out. */
export async function seriesOf(
  { experiments }: Pick<RouteContext, 'experiments'>,
  { columns }: Report,
): Promise<ReportFile['series']> {
  const measured = columns.filter(({ measurement }) => measurement !== null);
  const all = measured.map(async (column) => {
    const detail = await experiments.detail(column.experimentId);
    const text = detail && (await experiments.timeseriesOf(detail));
    return { name: markedName(column), seconds: secondsOf(text ?? '') };
  });
  return (await Promise.all(all)).filter(({ seconds }) => seconds.length > 0);
}

function secondsOf(lines: string): Second[] {
  return lines.split('\n').flatMap((line) => {
    if (line.trim() === '') return [];
    const second = secondSchema.safeParse(JSON.parse(line));
    return second.success ? [second.data] : [];
  });
}
