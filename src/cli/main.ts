import { reportError } from './errors.ts';
import { buildProgram } from './program.ts';

try {
  await buildProgram().parseAsync();
} catch (error) {
  process.exitCode = reportError(error);
}
