import type { InfrastructurePlan } from '../../../../activities/home/planning/plan.ts';
import { namesInWords } from '../../../analysis/report/notes/names-in-words.ts';

/** A plan for a person: how much of it there is, and each of it. */
export function planLines({ names, region, resources }: InfrastructurePlan): string[] {
  const actions = Map.groupBy(resources, ({ action }) => action);
  const counts = [...actions].map(([action, { length }]) => `${length} to ${action}`).join(', ');
  const width = Math.max(0, ...resources.map(({ address }) => address.length));
  return [
    `${namesInWords(names)}: terraform plans in ${region} ${counts || 'nothing'}; nothing was made.`,
    ...resources.map(({ address, type, action }) => `  ${action}  ${address.padEnd(width)}  ${type}`),
  ];
}

/** What terraform warns of, a sentence each. */
export function planWarnings(plans: readonly InfrastructurePlan[]): string[] {
  return plans.flatMap(({ names, warnings }) =>
    warnings.map(({ summary, detail }) =>
      [`${namesInWords(names)}: terraform warns: ${summary}`, detail.replace(/\s+/g, ' ').trim()]
        .filter(Boolean)
        .join(': '),
    ),
  );
}

/** What is planned for each experiment, in their order, as programs read it; those for other targets are left out. */
export function planByName(
  names: readonly string[],
  plans: readonly InfrastructurePlan[],
): { name: string; resources: InfrastructurePlan['resources'] }[] {
  return names.flatMap((name) =>
    plans.filter((plan) => plan.names.includes(name)).map(({ resources }) => ({ name, resources })),
  );
}
