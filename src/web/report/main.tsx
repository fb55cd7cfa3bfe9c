import '../charts/known-language.ts';
import '../styles/all.css';
import { createRoot } from 'react-dom/client';
import type { ReportFile } from '../../contracts/documents/report/report-file.ts';
import { PercentileChart } from '../charts/percentile-chart.tsx';
import { Name } from '../parts/name.tsx';
import { Evidence } from './evidence.tsx';
import { ReportView } from './report-view.tsx';

/** The HTML report: it holds its data, and asks nobody for anything. */
function ReportPage({ file }: { file: ReportFile }) {
  const { report, series, curves, input, apiUrl } = file;
  return (
    <main className="stack wide">
      <header>
        <h1>
          <Name>{report.title}</Name>
        </h1>
        <p className="soft small">
          Report of the Data Engineering Comparator, {new Date(report.generatedAt).toLocaleString()}
        </p>
      </header>
      <ReportView report={report} series={series} curves={<PercentileChart curves={curves} />} />
      <Evidence report={report} apiUrl={apiUrl} />
      <section className="card stack" aria-labelledby="again">
        <h2 id="again">Run it again</h2>
        <p>
          Save this as <code>again.yaml</code>, then <code>npx comparator run again.yaml</code>
        </p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
        <pre tabIndex={0}>{input}</pre>
      </section>
    </main>
  );
}

const root = document.getElementById('root');
const data = document.getElementById('report-data')?.textContent;
if (!root || !data) throw new Error('this file is not whole');
createRoot(root).render(<ReportPage file={JSON.parse(data)} />);
