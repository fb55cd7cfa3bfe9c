import type { Report, ReportColumn } from '../../../contracts/documents/api.ts';
import { type LatencyKind, latencyKinds } from '../../../contracts/input/metric.ts';
import { markedName } from '../text-table.ts';

/** What was kept of a run beside the report, and where it can be had. */
export interface EvidenceOfRun {
  experimentId: string;
  /** The variant, and which of its runs. */
  name: string;
  links: { name: string; url: string }[];
}

const kinds = Object.keys(latencyKinds) as LatencyKind[];

/**
 * Where the log and the raw histograms of each run are.
 * @param apiUrl address of the comparator that keeps them
 */
export function evidenceOf({ columns }: Pick<Report, 'columns'>, apiUrl: string): EvidenceOfRun[] {
  return columns.flatMap((column) =>
    column.runs.map((run) => {
      const { experimentId, repetition } = run;
      const place = `${apiUrl.replace(/\/+$/, '')}/api/experiments/${encodeURIComponent(experimentId)}`;
      const histograms = hasMeasured(run) ? kinds.map((kind) => `histograms/${kind}.hgrm`) : [];
      return {
        experimentId,
        name: column.runs.length > 1 ? `${markedName(column)}, run ${repetition}` : markedName(column),
        links: ['log', ...histograms].map((path) => ({
          name: path.replace('histograms/', ''),
          url: `${place}/${path}`,
        })),
      };
    }),
  );
}

function hasMeasured({ measured }: ReportColumn['runs'][number]): boolean {
  return Object.values(measured).some((value) => value !== null);
}
