/** Stands in for a load generator: says that it is ready, and lives. */
import { writeFileSync } from 'node:fs';

writeFileSync(process.env.COMPARATOR_READY_FILE ?? '', '');
setInterval(() => {}, 60_000);
