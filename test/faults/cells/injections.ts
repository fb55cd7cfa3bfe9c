import { deploys } from './deploys.ts';
import { lockFaults } from './lock-faults.ts';
import type { WorldFault } from './matrix.ts';
import { processFaults } from './process-faults.ts';
import { serverFaults } from './server-faults.ts';
import type { Injection } from './strike.ts';
import { workflowFaults } from './workflow-faults.ts';

/** How each fault is done. */
export const injections: Record<WorldFault, Injection> = {
  ...processFaults,
  ...serverFaults,
  ...lockFaults,
  ...workflowFaults,
  ...deploys,
};
