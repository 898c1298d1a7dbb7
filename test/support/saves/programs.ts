import { existsSync, statSync } from 'node:fs';
import { scripted } from './scripted.ts';
import type { SaveWay } from './save-way.ts';

const RENAMED = { kind: 'rename', inode: 'new' } as const;
const RECREATED = { kind: 'write', inode: 'new' } as const;
const IN_PLACE = { kind: 'write', inode: 'same' } as const;

/** Memory as a file system: on most machines another one than that of temporary files. */
const SHELF = '/dev/shm';

const PERL = `'BEGIN { local (@ARGV, $/) = $ENV{NEXT}; $next = <> } $_ = $done++ ? "" : $next'`;
const HALVES = { first: 'head -c "$HALF" "$NEXT"', second: 'tail -c "+$((HALF + 1))" "$NEXT"' };

/** Programs of the shell that end with each save. */
export const PROGRAM_WAYS: readonly SaveWay[] = [
  scripted({ name: 'sed -i', needs: ['sed'], ...RENAMED, script: `sed -i -e "1{r $NEXT" -e 'd}' -e d "$F"` }),
  scripted({ name: 'perl -pi', needs: ['perl'], ...RENAMED, script: `perl -pi -e ${PERL} "$F"` }),
  scripted({
    name: 'perl -pi.bak',
    needs: ['perl'],
    ...RENAMED,
    leaves: ['F.bak'],
    script: `perl -pi.bak -e ${PERL} "$F"`,
  }),
  scripted({ name: '> F', needs: ['sh'], ...IN_PLACE, script: 'cat "$NEXT" > "$F"' }),
  scripted({
    name: '{ a; b; } > F',
    needs: ['sh'],
    ...IN_PLACE,
    script: `{ ${HALVES.first}; ${HALVES.second}; } > "$F"`,
  }),
  scripted({
    name: '{ a; sleep; b; } > F',
    needs: ['sh'],
    ...IN_PLACE,
    script: `{ ${HALVES.first}; sleep 0.12; ${HALVES.second}; } > "$F"`,
  }),
  scripted({ name: 'tee', needs: ['tee'], ...IN_PLACE, script: 'tee "$F" < "$NEXT" > /dev/null' }),
  scripted({ name: 'cp', needs: ['cp'], ...IN_PLACE, script: 'cp "$NEXT" "$F"' }),
  scripted({
    name: 'cp --remove-destination',
    needs: ['cp'],
    ...RECREATED,
    script: 'cp --remove-destination "$NEXT" "$F"',
  }),
  scripted({
    name: 'mv from the same folder',
    needs: ['mv'],
    ...RENAMED,
    script: 'cat "$NEXT" > "$F.new" && mv "$F.new" "$F"',
  }),
  scripted({
    name: 'mv from another file system',
    needs: ['mv'],
    ...RECREATED,
    shelf: SHELF,
    obstacle: (file) =>
      existsSync(SHELF) && statSync(SHELF).dev !== statSync(file).dev ? undefined : 'no other file system at hand',
    script: 'mv "$NEXT" "$F"',
  }),
  scripted({ name: 'install', needs: ['install'], ...RECREATED, script: 'install -m 644 "$NEXT" "$F"' }),
  // By checksum: two saves of the same length within a second are the same to rsync otherwise.
  scripted({ name: 'rsync', needs: ['rsync'], ...RENAMED, script: 'rsync -ac "$NEXT" "$F"' }),
  scripted({
    name: 'rsync --inplace',
    needs: ['rsync'],
    ...IN_PLACE,
    script: 'rsync -ac --inplace "$NEXT" "$F"',
  }),
  scripted({
    name: 'patch',
    needs: ['patch', 'diff'],
    ...RENAMED,
    // diff ends with 1 where there is a difference.
    script: '{ diff -u "$F" "$NEXT" || [ $? = 1 ]; } > "$NEXT.patch"; patch -s "$F" "$NEXT.patch"',
  }),
  scripted({
    name: 'ed',
    needs: ['ed'],
    ...IN_PLACE,
    script: `printf '%s\\n' '1,$d' "0r $NEXT" w q | ed -s "$F"`,
  }),
  scripted({
    name: 'vim -es',
    needs: ['vim'],
    ...IN_PLACE,
    // In Ex mode `:read` removes the line that an empty buffer has, and an empty buffer makes it end with 1.
    script: `printf '%s\\n' '%d _' "0r $NEXT" wq | vim -es -u NONE -N -i NONE "$F" || [ $? = 1 ]`,
  }),
];
