import { stripVTControlCharacters } from 'node:util';
import { refusalsInWords } from '../../analysis/refusals.ts';
import { harmlessLines } from '../../analysis/report/harmless-text.ts';
import type { ExperimentDetail } from '../../contracts/documents/api.ts';
import type { Refusal } from '../../contracts/documents/load-parts.ts';
import type { Diagnostic } from '../../contracts/documents/progress.ts';

/** The text of a journal: lines of terraform's `-json` output, and of what runs it. */
export interface JournalText {
  /** What terraform did: `apply`, `destroy`, … */
  name: string;
  /** When it was begun, as the first lines do not say. */
  begunAt: string;
  text: string;
}

interface Refused {
  /** Why messages were not acknowledged. */
  refusals: readonly Refusal[];
}

interface Line {
  at: string;
  source: string;
  text: string;
}

/** Phases and terraform's messages in the order of time, one a line, with what went wrong at the end. */
export function logText(
  detail: Pick<ExperimentDetail, 'timeline' | 'failure' | 'operator'> & Refused,
  journals: readonly JournalText[],
): string {
  const phases = detail.timeline.map(({ phase, startedAt }) => ({
    at: startedAt,
    source: 'phase',
    text: phase,
  }));
  const lines: Line[] = [...phases, ...journals.flatMap(journalLines)];
  const ordered = lines
    .map((line) => ({ ...line, time: Date.parse(line.at) }))
    .sort((a, b) => a.time - b.time)
    .map(({ time, source, text }) => `${formatTime(time)}  ${source.padEnd(12)}  ${text}`);
  return `${harmlessLines([...ordered, ...closingLines(detail)].join('\n'))}\n`;
}

function formatTime(time: number): string {
  return Number.isNaN(time) ? ' '.repeat(24) : new Date(time).toISOString();
}

function journalLines({ name, begunAt, text }: JournalText): Line[] {
  let at = begunAt;
  // `init` has no output in JSON, and colours its text.
  return stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const message = parseLine(line);
      at = message.at ?? at;
      return message.text.split('\n').map((part) => ({ at, source: name, text: part }));
    });
}

function parseLine(line: string): { at: string | null; text: string } {
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(line);
  } catch {
    return { at: null, text: line };
  }
  if (typeof parsed !== 'object' || parsed === null) return { at: null, text: line };
  const at = typeof parsed['@timestamp'] === 'string' ? parsed['@timestamp'] : null;
  const message = typeof parsed['@message'] === 'string' ? parsed['@message'] : (stepOf(parsed) ?? line);
  const diagnostic = parsed.diagnostic as Partial<Diagnostic> | undefined;
  const more = [diagnostic?.address && `on ${diagnostic.address}`, diagnostic?.detail].filter(Boolean);
  return { at, text: [message, ...more].join('\n') };
}

/** A line of our own between terraform's, where one command of a run begins. */
function stepOf({ type, command }: Record<string, unknown>): string | null {
  return type === 'comparator_step' ? `terraform ${String(command)}` : null;
}

function closingLines({
  failure,
  operator,
  refusals,
}: Pick<ExperimentDetail, 'failure' | 'operator'> & Refused): string[] {
  const lines: string[] = [];
  if (refusals.length > 0) {
    lines.push('', `Messages that were not acknowledged: ${refusalsInWords(refusals, refusals.length)}`);
  }
  if (failure) {
    lines.push('', `Failed while ${failure.phase} (${failure.code}): ${failure.message}`);
    for (const { severity, summary, detail, address } of failure.diagnostics) {
      lines.push(`  ${severity}: ${summary}${address ? ` (${address})` : ''}`);
      if (detail) lines.push(...detail.split('\n').map((line) => `    ${line}`));
    }
  }
  if (operator) {
    lines.push('', `Needs an operator after ${operator.attempts} attempts: ${operator.reason}`);
    lines.push(...operator.actions.map((action) => `  - ${action}`));
  }
  return lines;
}
