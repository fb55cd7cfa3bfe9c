import type { Report } from '../api.ts';
import type { Second } from '../metrics.ts';

/** What an HTML report holds to draw itself, offline. */
export interface ReportFile {
  report: Report;
  /** Seconds of the first measured run of each variant that has them. */
  series: { name: string; seconds: Second[] }[];
  /** End-to-end latency by percentile in ms, as far as each sample carries. */
  curves: { name: string; values: number[] }[];
  /** What was run, as a file to run it again. */
  input: string;
  /** Address of the API that made it, which has the logs and the raw histograms. */
  apiUrl: string;
}
