// Semaphore's own JavaScript, measured from outside: a request on each line of stdin, on stdout its answer and how many
// milliseconds it took, by the clock and of processors' time. Started with one request as an argument, it answers that and ends.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";

const load = createRequire(import.meta.url);
const { Group } = load("@semaphore-protocol/group");
const { Identity } = load("@semaphore-protocol/identity");
const { generateProof, verifyProof } = load("@semaphore-protocol/proof");

let group;
let members = 0n;

const answers = {
  prove({ key, leaves, message, scope, depth, artifacts }) {
    const files = { wasm: `${artifacts}/semaphore-${depth}.wasm`, zkey: `${artifacts}/semaphore-${depth}.zkey` };
    const statement = [BigInt(message), BigInt(scope)];
    return generateProof(Identity.import(key), new Group(leaves.map(BigInt)), ...statement, depth, files);
  },
  verify: ({ proof }) => verifyProof(proof),
  build({ leaves }) {
    group = new Group(leaves.map(BigInt));
    return group.root.toString();
  },
  append({ count }) {
    for (let i = 0; i < count; i++) group.addMember(++members);
    return group.root.toString();
  },
};

async function answer(request) {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const result = await answers[request.what](request);
  const [ms, cpu] = [performance.now() - started, process.cpuUsage(before)];
  return { result, ms, cpu_ms: (cpu.user + cpu.system) / 1000, rss_kb: process.resourceUsage().maxRSS };
}

async function write(request) {
  const line = JSON.stringify(await answer(request)) + "\n";
  await new Promise((done) => process.stdout.write(line, done));
}

if (process.argv[2]) {
  await write(JSON.parse(process.argv[2]));
} else {
  for await (const line of createInterface({ input: process.stdin })) await write(JSON.parse(line));
}
// snarkjs leaves threads behind that keep the process from ending by itself.
process.exit(0);
