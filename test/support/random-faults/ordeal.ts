import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { PutResult } from '../fake-hub/fake-hub.ts';
import { hubProject, type HubProject } from '../hub-project.ts';
import { SAMPLE_REPO, SAMPLE_REVISION } from '../models.ts';
import type { Ran } from '../scratch.ts';
import { allowance, contentSent, costsEverything, journaledBytes, type Taken } from './account.ts';
import type { Kill, Script, Step } from './script.ts';

/** What one download cost, in bytes, over all the runs that it took. */
export interface Cost {
  readonly size: number;
  readonly sent: number;
  /** Sent, and not part of what was kept. */
  readonly wasted: number;
  /** The most bytes that faults and kills may waste. */
  readonly lost: number;
  /** Whether a fault left nothing but to begin again. */
  readonly beganAgain: boolean;
  readonly killed: boolean;
}

const FILE = 'ggml-ordeal.bin';
const PART = `models/.whisper/partial/${FILE}.part`;
const TOKEN = 'hf_RandomFaultsRandomFaults0123456789';

/** Runs that meet faults, before one that meets none. */
const FAULTY_RUNS = 4;
/** A killed process loses what its journal does not list: at most a segment of 4 MiB of each of eight connections. */
const KILL_LOSS = 32 * 1024 * 1024;
/** From this size on a failure may break off other connections, and what the kernel holds of each was sent but never read. */
const SEVERAL_CONNECTIONS = 32 * 1024 * 1024;
const IN_FLIGHT = 8 * 8 * 1024 * 1024;

/** A download that goes through its script: each run ends well or cleanly, the last one, without faults, ends well. */
export class Ordeal {
  readonly #script: Script;
  readonly #project: HubProject;
  readonly #put: PutResult;
  readonly #registry: string;
  #taken: Taken[] = [];
  #kept = 0;
  #cost: Cost;

  private constructor(script: Script, project: HubProject, put: PutResult) {
    this.#script = script;
    this.#project = project;
    this.#put = put;
    this.#registry = project.scratch.read(project.scratch.registry);
    this.#cost = { size: script.size, sent: 0, wasted: 0, lost: 0, beganAgain: false, killed: false };
  }

  static async create(t: TestContext, script: Script): Promise<Ordeal> {
    const project = await hubProject(t, {});
    const { size, seed } = script;
    const model = { repo: SAMPLE_REPO, path: FILE, revision: SAMPLE_REVISION };
    const put = project.hub.put({ ...model, content: { size, seed } });
    const { sha256 } = put;
    project.scratch.writeCatalogue([{ file: FILE, repo: SAMPLE_REPO, revision: SAMPLE_REVISION, size, sha256 }]);
    return new Ordeal(script, project, put);
  }

  async run(): Promise<Cost> {
    const remove = this.#script.steps.map((step) => this.#inject(step));
    const { kill } = this.#script;
    let ran: Ran | undefined;
    if (kill !== undefined) ran = await this.#account(() => this.#killed(kill));
    for (let run = 0; ran?.code !== 0 && run < FAULTY_RUNS; run += 1) {
      ran = await this.#account(() => this.#download({ HF_HUB_DOWNLOAD_TIMEOUT: '0.3' }));
      if (ran.code !== 0) this.#assertClean(ran);
    }
    for (const one of remove) one();
    if (ran?.code !== 0) ran = await this.#account(() => this.#download({}));
    this.#assertDone(ran);
    return this.#cost;
  }

  #inject(step: Step): () => void {
    const { hub } = this.#project;
    const { port } = new URL(hub.cdn);
    let answer = (): void => {};
    const act = (): void => {
      if (step.expire) hub.expireUrls();
      if (step.slow !== undefined) setTimeout(answer, step.slow);
    };
    const handle = hub.inject({
      ...step.fault,
      act,
      ...(step.slow !== undefined && { slowHeaders: new Promise<void>((done) => (answer = done)) }),
      ...(step.astray && { location: `http://localhost:${port}/elsewhere` }),
    });
    void handle.taken.then((entry) => this.#taken.push({ step, entry }));
    return () => handle.remove();
  }

  #download(env: Readonly<Record<string, string>>): Promise<Ran> {
    return this.#project.run(['download', FILE, '--json'], { env: { HF_TOKEN: TOKEN, ...env } });
  }

  /** Runs the program as a process and kills it when the hub has sent so much, or was asked so often. */
  async #killed(kill: Kill): Promise<Ran> {
    const { hub, scratch, env } = this.#project;
    const child: { kill?: (signal: NodeJS.Signals) => void; ended: boolean } = { ended: false };
    // Slow enough to be hit in the middle.
    hub.bytesPerSecond = Math.max(2e6, this.#script.size * 2);
    const running = scratch
      .spawn(['download', FILE, '-v'], {
        env: { ...env, HF_TOKEN: TOKEN, HF_HUB_DOWNLOAD_TIMEOUT: '0.3' },
        onStderr: (_text, killing) => (child.kill = killing),
      })
      .finally(() => (child.ended = true));
    const isDue = (): boolean =>
      contentSent(hub.requests, this.#taken) >= kill.bytes || hub.requests.length >= kill.requests;
    while (!child.ended && !(child.kill && isDue())) await delay(1);
    child.kill?.('SIGKILL');
    const ran = await running;
    hub.bytesPerSecond = Infinity;
    assert.ok([null, 0, 4, 5].includes(ran.code), `exit code ${ran.code}: ${ran.stderr}`);
    this.#assertNothingWrong();
    return ran;
  }

  /** Lets one run happen and adds what it cost. */
  async #account(run: () => Promise<Ran>): Promise<Ran> {
    const { hub, scratch } = this.#project;
    this.#taken = [];
    hub.requests.length = 0;
    const ran = await run();
    this.#assertTokenStayed();
    const { size } = this.#script;
    const path = `${PART}.json`;
    const journal = scratch.exists(path) ? scratch.read(path) : undefined;
    const kept = scratch.modelNames().length > 0 ? size : journaledBytes(journal);
    const sent = contentSent(hub.requests, this.#taken);
    const wasted = sent - (kept - this.#kept);
    const faults = this.#taken.reduce((sum, taken) => sum + allowance(taken, size), 0);
    const killed = ran.code === null ? KILL_LOSS : 0;
    const brokenOff = ran.code !== 0 && size >= SEVERAL_CONNECTIONS ? IN_FLIGHT : 0;
    const blamed = faults + killed + brokenOff;
    this.#kept = kept;
    this.#cost = {
      size,
      sent: this.#cost.sent + sent,
      wasted: this.#cost.wasted + wasted,
      lost: this.#cost.lost + Math.min(wasted, blamed),
      beganAgain: this.#cost.beganAgain || this.#taken.some(costsEverything),
      killed: this.#cost.killed || ran.code === null,
    };
    return ran;
  }

  #assertTokenStayed(): void {
    const { hub } = this.#project;
    assert.deepEqual(hub.leaks, [], 'the token on the content server');
    for (const { origin, headers } of hub.requests) {
      if (headers.authorization === undefined) continue;
      assert.equal(origin, 'hub');
      assert.equal(headers.authorization, `Bearer ${TOKEN}`);
    }
  }

  #assertClean({ code, stdout, stderr }: Ran): void {
    const { scratch } = this.#project;
    assert.ok(code === 4 || code === 5, `exit code ${code}: ${stdout}${stderr.slice(-2000)}`);
    assert.equal(typeof JSON.parse(stdout).error.code, 'string');
    assert.deepEqual(scratch.modelNames(), []);
    // A killed run before this one may have come as far as registering the model.
    if (this.#script.kill === undefined) assert.equal(scratch.read(scratch.registry), this.#registry);
  }

  #assertDone({ code, stdout, stderr }: Ran): void {
    const { scratch } = this.#project;
    assert.equal(code, 0, stdout + stderr.slice(-2000));
    assert.deepEqual(scratch.modelNames(), [FILE]);
    this.#assertNothingWrong();
    assert.ok(scratch.read(scratch.registry).includes(`"${FILE}"`));
    assert.equal(scratch.exists(PART), false);
  }

  /** Whatever has the name of the model has its bytes. */
  #assertNothingWrong(): void {
    const { scratch } = this.#project;
    for (const name of scratch.modelNames()) {
      const sha256 = createHash('sha256')
        .update(readFileSync(join(scratch.models, name)))
        .digest('hex');
      assert.equal(sha256, this.#put.sha256, name);
    }
  }
}
