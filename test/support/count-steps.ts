import { Session } from 'node:inspector';

// What was compiled before has no counters: this module has to be the first that a test imports.
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/**
 * How often the blocks of the program's code run while something is done: a measure of work that does not depend on the
 * machine. What the engine does by itself, like searching a string, is not in it.
 */
export function countSteps(work: () => void): number {
  takeSteps();
  work();
  return takeSteps();
}

/** The steps since it was called last. */
function takeSteps(): number {
  let steps = 0;
  session.post('Profiler.takePreciseCoverage', (error, coverage) => {
    if (error) throw error;
    const own = coverage.result.filter(({ url }) => url.includes('/dist/src/'));
    const ranges = own.flatMap(({ functions }) => functions.flatMap((each) => each.ranges));
    steps = ranges.reduce((sum, { count }) => sum + count, 0);
  });
  return steps;
}
