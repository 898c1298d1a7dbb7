import { NANO_WAYS } from '../support/saves/nano.ts';
import { KAKOUNE_WAYS } from '../support/saves/kakoune.ts';
import { MICRO_WAYS } from '../support/saves/micro.ts';
import { LINE_DRIVEN_WAYS } from '../support/saves/line-driven.ts';
import { testSaves } from '../support/saves/test-saves.ts';

testSaves([...NANO_WAYS, ...KAKOUNE_WAYS, ...MICRO_WAYS, ...LINE_DRIVEN_WAYS]);
