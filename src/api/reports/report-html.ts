import { percentileCurve } from '../../analysis/latency/percentile-curve.ts';
import { harmless } from '../../analysis/report/harmless-text.ts';
import { reportMarkdown } from '../../analysis/report/report-markdown.ts';
import { markedName } from '../../analysis/report/text-table.ts';
import type { Report } from '../../contracts/documents/api.ts';
import type { ReportFile } from '../../contracts/documents/report/report-file.ts';
import { visibleJson } from '../../contracts/input/text/invisible.ts';
import { type BuiltPage, sourceHash } from '../page/built-page.ts';

/** A report as one file that asks nobody for anything, and the policy under which it works. */
export interface HtmlReport {
  html: string;
  policy: string;
}

/**
 * @param file what it holds; its curves are worked out from the report's histograms
 * @param page whose script and style it holds
 */
export function reportHtml(file: Omit<ReportFile, 'curves'>, { report: parts }: BuiltPage): HtmlReport {
  // Else the text of the script could end it.
  const script = parts.script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const style = parts.style.replaceAll('</style', '<\\/style');
  const policy = `default-src 'none'; script-src ${sourceHash(script)}; style-src ${sourceHash(style)}; img-src data:; base-uri 'none'; form-action 'none'`;
  const data: ReportFile = { ...file, curves: curvesOf(file.report) };
  return {
    policy: `${policy}; frame-ancestors 'none'`,
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeText(harmless(file.report.title))}</title>
<style>${style}</style>
</head>
<body>
<div id="root"></div>
<noscript><pre>${escapeText(reportMarkdown(file.report, file.apiUrl))}</pre></noscript>
<script type="application/json" id="report-data">${visibleJson(JSON.stringify(data)).replaceAll('<', '\\u003c')}</script>
<script>${script}</script>
</body>
</html>
`,
  };
}

function curvesOf({ columns }: Report): ReportFile['curves'] {
  return columns.map((column) => ({
    name: markedName(column),
    values: percentileCurve(column.measurement?.latency.endToEnd.histogram ?? null),
  }));
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
