// `npm run check`: format, lint, import fence, dead code, types, unit and component tests in one go, everything reported before it stops.
// `npm test` adds --browser: the journeys of e2e against the production build. `--only lint,types` runs what is named.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'tongping-check-'));
const unitReport = join(reports, 'unit.json');
const browserReport = join(reports, 'browser.json');
const tool = (path) => join(root, 'node_modules', path);

/** Each step is a list of commands that stop at the first that does not hold. */
const steps = [
	// Writes the types of routes that lint, types and component tests of web stand on.
	{ id: 'sync', title: 'route types', first: true, runs: [[tool('@sveltejs/kit/svelte-kit.js'), 'sync']], cwd: 'web' },
	{ id: 'registries', title: 'registries match the folders', runs: [['tools/registries.ts', '--check']] },
	{ id: 'format', title: 'format', runs: [[tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']] },
	{
		id: 'fence',
		title: 'import fence',
		runs: [
			[tool('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.mjs', 'domain', 'sync-server', 'viewer', 'web', 'tools', 'e2e']
		]
	},
	{ id: 'dead', title: 'dead code', runs: [[tool('knip/bin/knip.js'), '--no-config-hints']] },
	{ id: 'types', title: 'types: domain, sync-server, viewer, e2e, tools', runs: [[tool('typescript/bin/tsc'), '-p', 'tsconfig.json']] },
	{
		id: 'types-web',
		title: 'types: web',
		runs: [[tool('svelte-check/bin/svelte-check'), '--tsconfig', './tsconfig.json', '--threshold', 'error']],
		cwd: 'web'
	},
	{
		id: 'lint',
		title: 'lint',
		runs: [[tool('eslint/bin/eslint.js'), '.', '--max-warnings', '0', '--cache', '--cache-location', tool('.cache/tongping/eslint')]]
	},
	{
		id: 'unit',
		title: 'unit and component tests',
		alone: true,
		runs: [[tool('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`]],
		count: () => {
			const report = JSON.parse(readFileSync(unitReport, 'utf8'));
			return {
				passed: report.numPassedTests,
				failed: report.numFailedTests + report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length,
				skipped: report.numPendingTests + report.numTodoTests
			};
		}
	},
	{
		id: 'browser',
		title: 'browser journeys',
		alone: true,
		asked: true,
		runs: [[tool('@playwright/test/cli.js'), 'test', '-c', 'e2e/playwright.config.ts', '--reporter=list,json']],
		env: { PLAYWRIGHT_JSON_OUTPUT_FILE: browserReport },
		count: () => {
			const { expected, unexpected, flaky, skipped } = JSON.parse(readFileSync(browserReport, 'utf8')).stats;
			return { passed: expected, failed: unexpected + flaky, skipped };
		}
	}
];

const only = process.argv
	.find((argument) => argument.startsWith('--only'))
	?.split('=')[1]
	?.split(',');
const chosen = steps.filter((step) => (only ? only.includes(step.id) : !step.asked || process.argv.includes('--browser')));

function execute(step, [script, ...args], live) {
	return new Promise((resolve) => {
		const child = spawn(process.execPath, [script.startsWith('/') ? script : join(root, script), ...args], {
			cwd: join(root, step.cwd ?? '.'),
			env: { ...process.env, ...step.env },
			stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe']
		});
		let output = '';
		child.stdout?.on('data', (chunk) => (output += chunk));
		child.stderr?.on('data', (chunk) => (output += chunk));
		child.on('close', (code) => resolve({ ok: code === 0, output }));
	});
}

async function perform(step) {
	const startedAt = Date.now();
	if (step.alone) console.log(`\n— ${step.title}`);
	let ok = true;
	let output = '';
	for (const run of step.runs) {
		const done = await execute(step, run, step.alone);
		output += done.output;
		ok = done.ok;
		if (!ok) break;
	}
	const took = `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
	if (!ok && output.trim() !== '') console.log(`\n${output.trim()}\n`);
	console.log(`${ok ? '✓' : '✗'} ${step.title} (${took})`);
	let counted = { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
	if (step.count) {
		try {
			const report = step.count();
			counted = { ...report, failed: ok ? report.failed : Math.max(1, report.failed) };
		} catch (error) {
			console.log(`${step.title}: no report was written (${error instanceof Error ? error.message : String(error)})`);
		}
	}
	return { ok, ...counted };
}

const results = [];
// Two static checks at a time: the machine this must pass on has two cores. Tests with clocks run alone.
for (const step of steps.filter((each) => each.first)) results.push(await perform(step));
const queue = chosen.filter((step) => !step.alone && !step.first);
const lane = async () => {
	for (let step = queue.shift(); step; step = queue.shift()) results.push(await perform(step));
};
await Promise.all([lane(), lane()]);
for (const step of chosen.filter((each) => each.alone)) results.push(await perform(step));
rmSync(reports, { recursive: true, force: true });

const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
process.exitCode = results.every((result) => result.ok) ? 0 : 1;
console.log(`\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
