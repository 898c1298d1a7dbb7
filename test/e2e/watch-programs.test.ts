import { PROGRAM_WAYS } from '../support/saves/programs.ts';
import { GIT_WAYS } from '../support/saves/git.ts';
import { testSaves } from '../support/saves/test-saves.ts';

testSaves([...PROGRAM_WAYS, ...GIT_WAYS]);
