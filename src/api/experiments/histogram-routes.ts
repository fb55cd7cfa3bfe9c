import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { columnHgrm } from '../../analysis/latency/report-hgrm.ts';
import { singleColumn } from '../../analysis/report/columns.ts';
import { type LatencyKind, latencyKinds } from '../../contracts/input/metric.ts';
import { s3Keys } from '../../contracts/storage/s3-keys.ts';
import { WorkCalls } from '../common/work-calls.ts';
import type { RouteContext } from '../context.ts';
import { idParameter, problems, text } from '../http/openapi.ts';
import { HttpProblem } from '../http/problems.ts';
import { runOfDocuments } from './detail.ts';
import { resultOf } from './documents.ts';

const kinds = Object.keys(latencyKinds) as LatencyKind[];
const intervalsFile = 'intervals.ndjson';
const files = [...kinds.map((kind) => `${kind}.hgrm`), intervalsFile];

const histograms = createRoute({
  method: 'get',
  path: '/api/experiments/{id}/histograms/{file}',
  tags: ['Experiments'],
  summary: 'Its latencies as histograms',
  description: `One of ${files.join(', ')}. The first are percentile distributions in HdrHistogram's text format, in milliseconds, for its plotters, each below a comment that says what it is; the last has the histograms of each interval of the run, a JSON document a line.`,
  request: {
    params: idParameter.extend({
      file: z.string().openapi({ description: 'Name of the file', enum: files, example: 'endToEnd.hgrm' }),
    }),
  },
  responses: { 200: text('text/plain', 'The file'), ...problems(404) },
});

/** Histograms below an experiment. */
export function histogramRoutes(context: RouteContext) {
  const { experiments, store } = context;
  const calls = new WorkCalls(experiments, { ...context, events: context.experimentEvents });
  return new OpenAPIHono().openapi(histograms, async (c) => {
    const file = c.req.param('file');
    const detail = await calls.find(c.req.param('id'));
    const missing = (why: string) => new HttpProblem(404, `Experiment ${detail.id} has no ${file}: ${why}.`);
    if (file === intervalsFile) {
      const lines = await store.getText(s3Keys.intervals(detail.id, runOfDocuments(detail)));
      if (lines === null) throw missing('none were kept, or not yet');
      return c.text(lines, 200, { 'Content-Type': 'application/x-ndjson' });
    }
    const kind = kinds.find((one) => file === `${one}.hgrm`);
    if (!kind) throw missing(`there are ${files.join(', ')}`);
    const result = await resultOf(context, detail);
    const text = columnHgrm(singleColumn({ experiment: detail, result, failure: null }, detail.name), kind);
    if (!text) throw missing('nothing was measured');
    return c.text(text, 200);
  });
}
