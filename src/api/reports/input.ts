import { stringify } from 'yaml';
import type { ComparisonDetail, ExperimentDetail } from '../../contracts/documents/api.ts';

/** What a comparison was started with, as a file. */
export function inputOfComparison({ spec, id }: Pick<ComparisonDetail, 'spec' | 'id'>): string {
  return spec ? stringify(spec) : `# What ${id} was started with is not known.\n`;
}

/**
 * What experiments were started with: one as it was; several under one load as a comparison, and under several loads as
 * a document each.
 */
export function inputOfExperiments(details: readonly Pick<ExperimentDetail, 'spec' | 'id'>[]): string {
  const specs = details.flatMap(({ spec }) => spec ?? []);
  const [first] = specs;
  if (!first) return '# What they were started with is not known.\n';
  const { workload, requirements } = first;
  const isOneLoad = specs.every(
    (spec) => same(spec.workload, workload) && same(spec.requirements, requirements),
  );
  if (specs.length === 1 || !isOneLoad) {
    const files = specs.map((spec) => stringify(spec));
    return files.length === 1 ? (files[0] as string) : `# A file each:\n${files.join('---\n')}`;
  }
  const variants = specs.map(({ name, technology, target, settings }, index) => ({
    name: specs.some((other, at) => at < index && other.name === name) ? `${name} (${index + 1})` : name,
    technology,
    target,
    settings,
  }));
  return stringify({ name: 'the same experiments', workload, requirements, variants });
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
