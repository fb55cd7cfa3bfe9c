import { z } from 'zod';
import { checkedTogether, checkWorkload, workloadOf } from './checks.ts';
import { checkCloud, cloudShape, fillCloud } from './cloud.ts';
import { checkKeeping, keepShape } from './keeping/keep-minutes.ts';
import { requirementsSchema } from './requirement.ts';
import { checkFit, checkSettings, fillSettings, nameSchema, subjectShape } from './subject.ts';
import { fillWorkload, workloadSchema } from './workload.ts';

/** Shape of a stored experiment, whose settings were checked when it was accepted. */
export const acceptedExperimentSchema = z.strictObject({
  name: nameSchema,
  ...subjectShape,
  ...cloudShape,
  ...keepShape,
  workload: workloadSchema,
  requirements: requirementsSchema,
});
/** An experiment with every default filled in. */
export type ExperimentSpec = z.infer<typeof acceptedExperimentSchema>;

/** An experiment as a user writes it; parsing fills in every default. */
export const experimentSchema = checkedTogether(
  acceptedExperimentSchema,
  (input, context) => {
    checkSettings(input, context);
    checkCloud(input, context);
    checkKeeping(input, context);
    checkWorkload(input, context);
    checkFit(input, workloadOf(input), context);
  },
  (experiment) => fillWorkload(fillSettings(fillCloud(experiment, [experiment.target]))),
);
