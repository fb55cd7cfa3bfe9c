import { caveatsComeFirst } from '../../analysis/report/answer/caveats-first.ts';
import { harmless } from '../../analysis/report/harmless-text.ts';
import type { Report, ReportColumn } from '../../contracts/documents/api.ts';
import { EmulatedBadge, StateBadge } from '../parts/badges.tsx';
import { Name } from '../parts/name.tsx';
import { VerdictList } from '../result/verdict-list.tsx';

/** Which to choose, why, and how each variant fares: beside it why they are not simply compared, below what to know. */
export function Answer({ report, links }: { report: Report; links: boolean }) {
  const { recommendation, columns, caveats, notes } = report;
  const [first, ...reasons] = recommendation?.reasons ?? [];
  return (
    <section className="stack" aria-labelledby="r-answer">
      <h2 id="r-answer" className="hidden-visually">
        Answer
      </h2>
      {caveatsComeFirst(report) && <Caveats caveats={caveats} />}
      {first && (
        <div
          className={`notice stack ${recommendation && recommendation.columns.length > 0 ? 'good' : 'open'}`}
        >
          <p className="answer">{harmless(first)}</p>
          {reasons.map((reason) => (
            <p key={reason}>{harmless(reason)}</p>
          ))}
        </div>
      )}
      {report.choiceByLoad && <p className="notice">{harmless(report.choiceByLoad)}</p>}
      {!caveatsComeFirst(report) && <Caveats caveats={caveats} />}
      <div className="rank">
        {columns.map((column, index) => (
          <VariantCard
            key={column.experimentId}
            column={column}
            index={index}
            choice={choiceOf(recommendation?.columns ?? [], index)}
            links={links}
          />
        ))}
      </div>
      {notes.length > 0 && (
        <div className="notice open stack">
          <h3>Before you trust it</h3>
          <ul>
            {notes.map((note) => (
              <li key={note}>{harmless(note)}</li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

/** Why the variants are not simply compared. */
function Caveats({ caveats }: { caveats: readonly string[] }) {
  if (caveats.length === 0) return null;
  return (
    <div className="notice open stack">
      <h3>Not simply side by side</h3>
      <ul>
        {caveats.map((caveat) => (
          <li key={caveat}>{harmless(caveat)}</li>
        ))}
      </ul>
    </div>
  );
}

/** Of several that are as good as each other none is the one to take. */
function choiceOf(chosen: readonly number[], index: number): string | null {
  if (!chosen.includes(index)) return null;
  return chosen.length === 1 ? 'recommended' : 'meets all';
}

const overall: Record<NonNullable<ReportColumn['meetsRequirements']>, { tone: string; text: string }> = {
  met: { tone: 'good', text: '✓ meets the requirements' },
  'not-met': { tone: 'bad', text: '✗ does not meet them' },
  undecided: { tone: 'open', text: '? undecided' },
};

interface VariantCardProps {
  column: ReportColumn;
  index: number;
  /** What the recommendation says of it. */
  choice: string | null;
  links: boolean;
}

function VariantCard({ column, index, choice, links }: VariantCardProps) {
  const { label, technology, target, emulated, outcome, meetsRequirements, verdicts, failure, runs } = column;
  const whole = meetsRequirements && overall[meetsRequirements];
  return (
    <section className={`card edge-${(index % 8) + 1} ${choice ? 'chosen' : ''}`} aria-label={label}>
      <div className="row spread">
        <h3>
          <Name>{label}</Name>
        </h3>
        {choice && <span className="badge good">{choice}</span>}
      </div>
      <p className="row small soft">
        <span>
          {technology} on {target}
          {runs.length > 1 && `, ${runs.length} runs`}
        </span>
        <EmulatedBadge emulated={emulated} />
        {outcome !== 'completed' && <StateBadge outcome={outcome} />}
      </p>
      {whole && (
        <p>
          <span className={`badge ${whole.tone}`}>{whole.text}</span>
        </p>
      )}
      {failure && (
        <p className="fault">
          {failure.code}: {failure.message}
        </p>
      )}
      {verdicts.length > 0 && <VerdictList verdicts={verdicts} />}
      {links && (
        <p className="row small">
          {runs.map(({ experimentId, repetition }) => (
            <a key={experimentId} href={`/experiments/${experimentId}`}>
              {runs.length > 1 ? `run ${repetition}` : 'the experiment'}
            </a>
          ))}
        </p>
      )}
    </section>
  );
}
