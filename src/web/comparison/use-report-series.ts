import { withMarkedNames } from '../../analysis/report/text-table.ts';
import type { Report } from '../../contracts/documents/api.ts';
import { ApiError, getText } from '../data/api.ts';
import { type Resource, useResource } from '../data/use-resource.ts';
import { type NamedSeries, secondsOfLines } from '../result/series.tsx';

/** Seconds of the first run of each variant; a variant without them has none. Null while they are not read. */
export function useReportSeries(report: Report | null): Resource<readonly NamedSeries[]> {
  const marked = report && withMarkedNames(report);
  const columns = marked?.columns.filter(({ measurement }) => measurement) ?? [];
  const key = columns.length > 0 ? columns.map(({ experimentId }) => experimentId).join(' ') : null;
  return useResource(key, (signal) =>
    Promise.all(
      columns.map(async ({ label, experimentId }) => ({
        name: label,
        seconds: secondsOfLines(await seriesText(experimentId, signal)),
      })),
    ),
  );
}

function seriesText(id: string, signal: AbortSignal): Promise<string> {
  const path = `/api/experiments/${encodeURIComponent(id)}/timeseries`;
  return getText(path, 'application/x-ndjson', signal).catch((error) => {
    if (error instanceof ApiError && error.status === 404) return '';
    throw error;
  });
}
