import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { bytesInWords, diskInWords, memoryInWords } from '../../../analysis/plan/room-in-words.ts';
import { costInWords } from '../../../analysis/report/cost/cost-words.ts';
import { formatCount, formatDuration } from '../../../analysis/report/format.ts';
import { harmless } from '../../../analysis/report/harmless-text.ts';
import type { ComparisonDryRun, ExperimentDryRun } from '../../../contracts/documents/api.ts';
import type { Cost } from '../../../contracts/documents/cost.ts';
import { Facts } from '../../parts/facts.tsx';
import { type Draft, submissionOf } from '../draft/draft.ts';
import { FaultList } from '../fault-list.tsx';
import { FewOfMany } from './few-of-many.tsx';
import { CurlText, YamlText } from './file-texts.tsx';
import { experimentCount, mostBytes } from './size.ts';
import type { Preview } from './use-preview.ts';

/** What starting it would come to, and the same as a file and as a command. */
export function PreviewPart({ draft, preview }: { draft: Draft; preview: Preview }) {
  const submission = submissionOf(draft);
  return (
    <section className="card" aria-label="Preview" tabIndex={-1}>
      <Tabs className="tabs">
        <TabList aria-label="Preview">
          <Tab id="preview">What it takes</Tab>
          <Tab id="yaml">YAML</Tab>
          <Tab id="curl">curl</Tab>
        </TabList>
        <TabPanel id="preview">
          <Expected preview={preview} />
        </TabPanel>
        <TabPanel id="yaml">
          <YamlText document={submission.document} />
        </TabPanel>
        <TabPanel id="curl">
          <CurlText submission={submission} />
        </TabPanel>
      </Tabs>
    </section>
  );
}

function Expected({ preview: { answer, error, faults, isStale } }: { preview: Preview }) {
  if (error) {
    return (
      <div className="stack" role="status">
        <p className="fault">
          {faults.size > 0
            ? 'Not yet: something needs mending.'
            : `${error.message}${error.mayPass ? ' It is asked again.' : ''}`}
        </p>
        <FaultList faults={faults} />
      </div>
    );
  }
  if (!answer) return <p className="soft">Asking the server …</p>;
  const { expected, spec } = answer;
  const costs = costsOf(answer);
  const facts: [string, string][] = [
    ['experiments', formatCount(experimentCount(spec))],
    ['time', `about ${formatDuration(expected.seconds * 1_000)}`],
    ['data sent, at most', bytesInWords(mostBytes(spec))],
    ['on the disk', diskInWords(expected)],
    ['memory', memoryInWords(expected)],
    ['cost', expected.costUsd === null ? 'none known' : `$${expected.costUsd.toFixed(2)}`],
  ];
  return (
    <div className="stack" aria-busy={isStale}>
      <Facts facts={facts} />
      <p className="help">{expected.costReason}</p>
      {costs.length > 0 && (
        <div className="help">
          <FewOfMany
            texts={costs.map(
              ({ name, cost }) =>
                `${harmless(name)} would cost ${costInWords(cost)}, by list prices of ${cost.region} as noted on ${cost.asOf}.`,
            )}
          />
        </div>
      )}
      {expected.warnings.length > 0 && (
        <div className="notice open stack">
          <h3>To know before</h3>
          <FewOfMany texts={expected.warnings} />
        </div>
      )}
    </div>
  );
}

/** What each variant would cost, where list prices say so. */
function costsOf(answer: ExperimentDryRun | ComparisonDryRun): { name: string; cost: Cost }[] {
  const all = 'costs' in answer ? answer.costs : [{ name: answer.spec.name, cost: answer.cost }];
  return all.flatMap(({ name, cost }) => (cost ? [{ name, cost }] : []));
}
