/** Experiments that a report of picked ones takes. */
export const mostPickedExperiments = 50;
