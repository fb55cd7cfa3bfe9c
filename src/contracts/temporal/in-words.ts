import type { VariantState } from '../documents/progress.ts';
import type { ComparisonSpec } from '../input/comparison.ts';
import type { ExperimentSpec } from '../input/experiment.ts';
import { withoutInvisible } from '../input/text/invisible.ts';
import type { Workload } from '../input/workload.ts';

/** What Temporal's Web UI shows of a workflow in its list and at the head of its page. */
export interface WorkInWords {
  /** One line. */
  staticSummary: string;
  /** Markdown. */
  staticDetails: string;
}

/** Rows of a table of experiments; Temporal takes 20 KB of details. */
const mostRows = 60;

/** Temporal takes 400 bytes of a summary. */
const longestName = 60;

/** What an experiment is: name, technology, target, load. */
export function experimentInWords(spec: ExperimentSpec): WorkInWords {
  const { name, technology, target, settings, workload, requirements } = spec;
  const chosen = Object.entries(settings).map(([key, value]) => `\`${key}\`: \`${JSON.stringify(value)}\``);
  return {
    staticSummary: `${shortName(name)} · ${technology} on ${target} · ${loadInWords(workload)}`,
    staticDetails: [
      `**${plain(name)}**: ${technology} on ${target}, ${loadInWords(workload)}.`,
      ...bulleted('Settings', chosen),
      ...bulleted('Requirements', requirements.map(requirementInWords)),
    ].join('\n\n'),
  };
}

/** What a comparison is: name, variants, load. */
export function comparisonInWords(spec: ComparisonSpec): WorkInWords {
  const { name, variants, workload, requirements, repetitions } = spec;
  const each = variants
    .slice(0, mostRows)
    .map((one) => `${plain(one.name)}: ${one.technology} on ${one.target}`);
  const times = repetitions > 1 ? ` × ${repetitions}` : '';
  return {
    staticSummary: `${shortName(name)} · ${variants.length} variants${times} · ${loadInWords(workload)}`,
    staticDetails: [
      `**${plain(name)}**: ${variants.length} variants${times}, each with ${loadInWords(workload)}.`,
      ...bulleted('Variants', each),
      ...bulleted('Requirements', requirements.map(requirementInWords)),
    ].join('\n\n'),
  };
}

/** The table of a comparison's experiments as they stand: those that run or have gone wrong, and how many are as they should. */
export function variantsInWords(variants: readonly VariantState[]): string {
  const isShort = variants.length <= mostRows;
  const shown = isShort
    ? variants
    : variants.filter(({ state }) => state !== 'waiting' && state !== 'completed');
  const rows = shown
    .slice(0, mostRows)
    .map((one) => `| ${plain(one.name)} | ${one.repetition} | ${one.state} | \`${one.experimentId}\` |`);
  const completed = variants.filter(({ state }) => state === 'completed').length;
  return [
    ...(isShort ? [] : [`${completed} of ${variants.length} are completed.`, '']),
    '| variant | repetition | state | experiment |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** A load in half a sentence, such as `5,000 messages/s of 1,024 B for 20 s`. */
export function loadInWords({ load, durationSeconds, messageSizeBytes }: Workload): string {
  const size = `of ${number(messageSizeBytes)} B`;
  switch (load.shape) {
    case 'constant':
      return `${number(load.messagesPerSecond)} messages/s ${size} for ${number(durationSeconds)} s`;
    case 'steps':
      return `${load.steps.length} steps up to ${number(Math.max(...load.steps.map((step) => step.messagesPerSecond)))} messages/s ${size} in ${number(durationSeconds)} s`;
    case 'capacity-search':
      return `the highest rate of messages ${size} from ${number(load.startMessagesPerSecond)}/s`;
    case 'ladder':
      return load.ratesMessagesPerSecond
        ? `${load.ratesMessagesPerSecond.length} rates up to ${number(Math.max(...load.ratesMessagesPerSecond))} messages/s ${size}, ${number(durationSeconds)} s each`
        : `${load.sharesPercent?.length ?? 0} shares of the highest rate of messages ${size}`;
  }
}

function requirementInWords(requirement: ExperimentSpec['requirements'][number]): string {
  const bound =
    'atMost' in requirement
      ? `at most ${number(requirement.atMost)}`
      : `at least ${number(requirement.atLeast)}`;
  return `\`${requirement.metric}\` ${bound}`;
}

/** Text of a user, so that it is no Markdown. */
export function plain(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>()#!|~]/g, '\\$&');
}

/** Without what would turn the words around it, or hide in them. */
function oneLine(text: string): string {
  return withoutInvisible(text.replace(/\s+/g, ' '));
}

function shortName(name: string): string {
  const line = oneLine(name);
  return line.length > longestName ? `${line.slice(0, longestName - 1).trimEnd()}…` : line;
}

function bulleted(title: string, items: readonly string[]): string[] {
  return items.length > 0 ? [`${title}:\n\n${items.map((item) => `- ${item}`).join('\n')}`] : [];
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
