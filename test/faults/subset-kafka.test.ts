import { faultSubset } from './cells/subset.ts';

faultSubset('kafka');
