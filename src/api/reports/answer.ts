import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { reportMarkdown } from '../../analysis/report/report-markdown.ts';
import type { Report } from '../../contracts/documents/api.ts';
import type { RouteContext } from '../context.ts';
import { negotiate } from '../http/negotiate.ts';
import { components } from '../http/openapi.ts';
import { reportHtml } from './report-html.ts';
import { seriesOf } from './report-series.ts';

/** What a report can be had as. */
export const reportContent = {
  'application/json': { schema: components.report },
  'text/markdown': { schema: z.string() },
  'text/html': { schema: z.string() },
};

/** How a report is made; nothing of it is called where the client takes none of what there is. */
export interface ReportMaker {
  build: () => Promise<Report>;
  /** What was run, as YAML; for the HTML file alone. */
  input: () => Promise<string>;
}

/**
 * A report as the client's `Accept` header asks for it.
 * @throws HttpProblem 406
 */
export async function answerReport(c: Context, context: RouteContext, { build, input }: ReportMaker) {
  const { page } = context;
  const types = ['application/json', 'text/markdown', ...(page ? ['text/html'] : [])];
  const type = negotiate(c.req.header('accept'), types);
  const report = await build();
  const apiUrl = new URL(c.req.url).origin;
  if (type === 'text/html' && page) {
    const file = { report, series: await seriesOf(context, report), input: await input(), apiUrl };
    const { html, policy } = reportHtml(file, page);
    return c.body(html, 200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
    });
  }
  return type === 'text/markdown'
    ? c.body(reportMarkdown(report, apiUrl), 200, { 'Content-Type': 'text/markdown; charset=utf-8' })
    : c.json(report, 200);
}
