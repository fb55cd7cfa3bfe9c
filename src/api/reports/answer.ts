import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { reportMarkdown } from '../../analysis/report/report-markdown.ts';
import type { Report } from '../../contracts/documents/api.ts';
import { negotiate } from '../http/negotiate.ts';
import { components } from '../http/openapi.ts';

/** What a report can be had as. */
export const reportContent = {
  'application/json': { schema: components.report },
  'text/markdown': { schema: z.string() },
};

/**
 * A report as the client's `Accept` header asks for it.
 * @param build makes it; not called where the client takes none of what there is
 * @throws HttpProblem 406
 */
export async function answerReport(c: Context, build: () => Promise<Report>) {
  const type = negotiate(c.req.header('accept'), ['application/json', 'text/markdown']);
  const report = await build();
  return type === 'text/markdown'
    ? c.body(reportMarkdown(report), 200, { 'Content-Type': 'text/markdown; charset=utf-8' })
    : c.json(report, 200);
}
