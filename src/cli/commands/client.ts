import type { Command } from 'commander';
import { registerExplain } from './catalogue/explain.ts';
import { registerImport } from './catalogue/import.ts';
import { registerTechnologies } from './catalogue/technologies.ts';
import { registerValidate } from './catalogue/validate.ts';
import { registerDelete } from './delete.ts';
import { registerList } from './list.ts';
import { registerLog } from './log.ts';
import { registerReap } from './reap.ts';
import { registerReport } from './report.ts';
import { registerRun } from './run.ts';
import { registerShow } from './show.ts';
import { registerCancel } from './while-open/cancel.ts';
import { registerExtend } from './while-open/extend.ts';
import { registerRetryDestroy } from './while-open/retry-destroy.ts';

/** Every command that talks to a running comparator, and those that look at files and schemas alone. */
export function registerClientCommands(program: Command): void {
  registerRun(program);
  registerList(program);
  registerShow(program);
  registerLog(program);
  registerCancel(program);
  registerExtend(program);
  registerRetryDestroy(program);
  registerDelete(program);
  registerReap(program);
  registerReport(program);
  registerTechnologies(program);
  registerExplain(program);
  registerValidate(program);
  registerImport(program);
}
