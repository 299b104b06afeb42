/**
 * The long versions of what CI runs small, one after the other, each in its own process and within its time.
 * npm run soak                      everything
 * npm run soak -- honest            one part; what follows its name goes to it: npm run soak -- fuzz --frames 5000000
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

interface Part {
	readonly script: string;
	readonly given: readonly string[];
	readonly minutes: number;
	readonly flags?: readonly string[];
}
const server = '../../sync-server/test';
const PARTS: Readonly<Record<string, Part>> = {
	simulate: { script: `${server}/simulator/run.ts`, given: ['--runs', '20000', '--seed', '1'], minutes: 20 },
	honest: { script: `${server}/honest/run.ts`, given: ['--edits', '1000000', '--diffs', '100000'], minutes: 20 },
	corpus: { script: `${server}/corpus/run.ts`, given: ['--per-class', '1000'], minutes: 40 },
	fuzz: { script: `${server}/fuzz/run.ts`, given: ['--frames', '1000000'], minutes: 20, flags: ['--expose-gc'] },
	'wrong-patient': { script: './wrong-patient.ts', given: ['--rounds', '100000'], minutes: 20 },
	kill: { script: './kill.ts', given: ['--runs', '200'], minutes: 40 },
	'power-cut': { script: './power-cut.ts', given: ['--images', '10000'], minutes: 40 }
};

/** The last line a part prints is its verdict. */
function run(name: string, { script, given, minutes, flags = [] }: Part): Promise<boolean> {
	const child = spawn(process.execPath, [...flags, new URL(script, import.meta.url).pathname, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
	let verdict = '';
	createInterface({ input: child.stdout }).on('line', (line) => {
		if (line.startsWith('{')) verdict = line;
	});
	const bound = setTimeout(() => {
		child.kill('SIGKILL');
	}, minutes * 60_000);
	return new Promise((resolve) => {
		child.once('close', (code, signal) => {
			clearTimeout(bound);
			console.log(signal === null ? verdict : JSON.stringify({ test: name, holds: false, why: `not done within ${String(minutes)} minutes` }));
			resolve(code === 0);
		});
	});
}

const [wanted, ...given] = process.argv.slice(2);
const chosen = wanted === undefined ? Object.entries(PARTS) : Object.entries(PARTS).filter(([name]) => name === wanted);
if (chosen.length === 0) {
	console.error(`There is no part ${wanted ?? ''}. The parts are ${Object.keys(PARTS).join(', ')}.`);
	process.exit(2);
}
let holds = true;
for (const [name, part] of chosen) holds = (await run(name, given.length > 0 ? { ...part, given } : part)) && holds;
process.exit(holds ? 0 : 1);
