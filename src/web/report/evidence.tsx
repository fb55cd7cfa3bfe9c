import { evidenceOf } from '../../analysis/report/conditions/evidence.ts';
import type { Report } from '../../contracts/documents/api.ts';
import { Name } from '../parts/name.tsx';

/** Where the log and the raw histograms of each run are, for whoever reads the file elsewhere. */
export function Evidence({ report, apiUrl }: { report: Report; apiUrl: string }) {
  return (
    <section className="card stack" aria-labelledby="r-evidence">
      <h2 id="r-evidence">Logs and raw histograms</h2>
      <p className="soft small">
        At {apiUrl}, for as long as that comparator runs and keeps them. A .hgrm is what HdrHistogram's
        plotters read.
      </p>
      <ul>
        {evidenceOf(report, apiUrl).map(({ experimentId, name, links }) => (
          <li key={experimentId}>
            <Name>{name}</Name> (<code>{experimentId}</code>):{' '}
            {links.map(({ name: what, url }, index) => (
              <span key={url}>
                {index > 0 && ', '}
                <a href={url}>{what}</a>
              </span>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
