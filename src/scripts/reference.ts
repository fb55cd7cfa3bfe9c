import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referenceMarkdown } from '../analysis/report/reference.ts';
import { say } from '../cli/say.ts';
import { projectRoot } from '../config.ts';

/** `npm run reference`: writes the page of everything that a file can say, from the schemas. */
writeFileSync(join(projectRoot, 'examples', 'REFERENCE.md'), referenceMarkdown());
say('examples/REFERENCE.md is written.');
