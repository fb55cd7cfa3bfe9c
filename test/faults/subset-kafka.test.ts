import { faultSubset } from './subset.ts';

faultSubset('kafka');
