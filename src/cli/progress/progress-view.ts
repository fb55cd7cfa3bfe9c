import { createLogUpdate } from 'log-update';
import { harmless } from '../../analysis/harmless-text.ts';
import type { ComparisonDetail, ExperimentDetail } from '../../contracts/documents/api.ts';
import type { Detail, WorkKind } from '../api/api-client.ts';
import {
  closingLines,
  comparisonLines,
  comparisonSteps,
  experimentLines,
  experimentStep,
} from './progress-lines.ts';

/** Shows how something goes on, until it is done. */
export interface ProgressView<Kind extends WorkKind> {
  show(detail: Detail<Kind>): void;
  /** Leaves the last picture standing. */
  done(): void;
}

/** Redraws in place on a terminal; elsewhere writes a line whenever something has changed. */
export function createProgressView<Kind extends WorkKind>(
  kind: Kind,
  stream: NodeJS.WriteStream = process.stderr,
): ProgressView<Kind> {
  // A terminal that does not say its size cannot be redrawn.
  return stream.isTTY && stream.columns > 0
    ? terminalView(kind, stream)
    : lineView(kind, (line) => stream.write(`${harmless(line)}\n`));
}

function terminalView<Kind extends WorkKind>(kind: Kind, stream: NodeJS.WriteStream): ProgressView<Kind> {
  const update = createLogUpdate(stream);
  return {
    show(detail) {
      const lines =
        kind === 'experiments'
          ? experimentLines(detail as ExperimentDetail, new Date())
          : comparisonLines(detail as ComparisonDetail, new Date());
      update(lines.map(harmless).join('\n'));
    },
    done: () => update.done(),
  };
}

/** A line whenever something has changed; never the same line twice in a row for one variant. */
export function lineView<Kind extends WorkKind>(
  kind: Kind,
  write: (line: string) => void,
): ProgressView<Kind> {
  const told: string[] = [];
  return {
    show(detail) {
      const steps =
        kind === 'experiments'
          ? [experimentStep(detail as ExperimentDetail)]
          : comparisonSteps(detail as ComparisonDetail);
      steps.forEach((step, index) => {
        if (told[index] === step || step.endsWith(': waiting')) return;
        told[index] = step;
        write(step);
      });
      if (detail.outcome && detail.failure && !told.includes(detail.failure.message)) {
        told.push(detail.failure.message);
        for (const line of closingLines(detail).slice(1)) write(line);
      }
    },
    done() {},
  };
}
