import type { ReactNode } from 'react';
import { withMarkedNames } from '../../analysis/report/text-table.ts';
import type { Report } from '../../contracts/documents/api.ts';
import { CostTable } from '../result/cost-table.tsx';
import { LadderPart } from '../result/ladder-part.tsx';
import { GuaranteeTable, LedgerTable, SpeedTable } from '../result/measured-tables.tsx';
import { ProductTable } from '../result/product-table.tsx';
import { type NamedSeries, SeriesCharts } from '../result/series.tsx';
import { Answer } from './answer.tsx';
import { CapacityTable } from './capacity-table.tsx';
import { Conditions } from './conditions.tsx';
import { Differences } from './differences.tsx';
import { Repetitions } from './repetitions.tsx';

interface ReportViewProps {
  report: Report;
  /** Seconds of a run of each variant; those without are left out. */
  series: readonly NamedSeries[];
  /** The percentile curves. */
  curves: ReactNode;
  /** Whether experiments can be gone to from here. */
  links?: boolean;
}

/** A report: the answer first, then what it follows from. On the page and in the HTML file alike. */
export function ReportView({ report, series, curves, links = false }: ReportViewProps) {
  const marked = withMarkedNames(report);
  const { columns } = marked;
  const isMeasured = columns.some(({ measurement }) => measurement);
  return (
    <div className="stack wide">
      <Answer report={report} links={links} />
      {isMeasured && (
        <>
          <section className="card stack" aria-labelledby="r-percentiles">
            <h2 id="r-percentiles">Latency by percentile</h2>
            {curves}
            <SpeedTable columns={columns} />
          </section>
          <CapacityTable columns={columns} />
          <LadderPart columns={columns} />
          <CostTable columns={columns} />
          <ProductTable columns={columns} />
          <Repetitions report={marked} />
          <Differences report={marked} />
          {series.some(({ seconds }) => seconds.length > 0) && (
            <section className="card stack" aria-labelledby="r-series">
              <h2 id="r-series">Second by second</h2>
              <p className="soft small">
                The first run of each. Drag over a chart to look closer; double click to see all again. What
                comes after the measured time is the drain.
              </p>
              <SeriesCharts series={series} />
            </section>
          )}
          <section className="card stack" aria-labelledby="r-ledger">
            <h2 id="r-ledger">Where every message went</h2>
            <LedgerTable columns={columns} />
          </section>
          <section className="card stack" aria-labelledby="r-guarantee">
            <h2 id="r-guarantee">What an acknowledged message survives</h2>
            <GuaranteeTable columns={columns} />
          </section>
        </>
      )}
      <Conditions report={report} />
    </div>
  );
}
