import type { ExperimentDetail } from '../../contracts/documents/api.ts';
import type { Result } from '../../contracts/documents/result.ts';
import { s3Keys } from '../../contracts/storage/s3-keys.ts';
import type { RouteContext } from '../context.ts';
import { HttpProblem } from '../http/problems.ts';
import { runOfDocuments } from './detail.ts';
import { type JournalText, logText } from './log-text.ts';

/** @throws HttpProblem 404 until there is one, 409 where it cannot be read */
export async function resultOf({ experiments }: RouteContext, detail: ExperimentDetail): Promise<Result> {
  const result = await experiments.resultOf(detail);
  if (!result) throw missing(detail, 'result');
  return result;
}

/** @throws HttpProblem 404 until there is one */
export async function timeseriesOf({ experiments }: RouteContext, detail: ExperimentDetail): Promise<string> {
  const series = await experiments.timeseriesOf(detail);
  if (series === null) throw missing(detail, 'series');
  return series;
}

/** @throws HttpProblem 404 until there is one */
export async function logOf(context: RouteContext, detail: ExperimentDetail): Promise<string> {
  const { experiments } = context;
  const journals = await readJournals(context, detail);
  if (journals.length === 0 && detail.timeline.length < 2) throw missing(detail, 'log');
  // There is a log of whatever went wrong, also of a result that this release cannot read.
  const result = await experiments.resultOf(detail).catch(() => null);
  return logText({ ...detail, refusals: result?.refusals ?? [] }, journals);
}

function missing({ id, phase }: ExperimentDetail, what: string): HttpProblem {
  return new HttpProblem(404, `Experiment ${id} has no ${what}${phase === 'closed' ? '' : ' yet'}.`);
}

async function readJournals({ store }: RouteContext, detail: ExperimentDetail): Promise<JournalText[]> {
  const prefix = s3Keys.journals(detail.id, runOfDocuments(detail));
  const keys = (await store.list(prefix)).filter((key) => key.endsWith('.ndjson'));
  return Promise.all(
    keys.map(async (key) => ({
      ...nameOf(key.slice(prefix.length)),
      text: (await store.getText(key)) ?? '',
    })),
  );
}

/** A journal is named by the time at which it was begun, `20261124T120002000Z-apply.ndjson`. */
function nameOf(file: string): Pick<JournalText, 'name' | 'begunAt'> {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-(.*)\.ndjson$/.exec(file);
  if (!parts) return { name: file.replace(/\.ndjson$/, ''), begunAt: '' };
  const [, year, month, day, hour, minute, second, millisecond, name = ''] = parts;
  return { name, begunAt: `${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z` };
}
