import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

const alive = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
		throw error;
	}
};
const SERVER = `console.log(process.pid); process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000);`;
const between = (watched: boolean): string =>
	watched
		? `const { foreground } = await import(${JSON.stringify(new URL('foreground.mjs', import.meta.url).href)}); await foreground(process.execPath, ['-e', ${JSON.stringify(SERVER)}], {});`
		: `const { spawn } = await import('node:child_process'); spawn(process.execPath, ['-e', ${JSON.stringify(SERVER)}], { stdio: 'inherit' });`;

/** npm, its shell, our first hop, the server: npm sends SIGTERM to the shell alone. */
it.each([
	['ends with the shell it was started from', true],
	['a planted fault: nobody looks whether the shell is still there', false]
])('the server %s', async (_, watched) => {
	const shell = spawn('sh', ['-c', '"$0" --input-type=module -e "$1"; true', process.execPath, between(watched)], { stdio: ['ignore', 'pipe', 'inherit'] });
	const [chunk] = (await once(shell.stdout, 'data')) as [Buffer];
	const pid = Number(chunk.toString());
	try {
		expect(alive(pid)).toBe(true);
		shell.kill('SIGTERM');
		if (watched) await expect.poll(() => alive(pid), { timeout: 3000, interval: 50 }).toBe(false);
		else {
			await new Promise((resolve) => setTimeout(resolve, 1500));
			expect(alive(pid)).toBe(true);
		}
	} finally {
		if (alive(pid)) process.kill(pid, 'SIGKILL');
	}
});
