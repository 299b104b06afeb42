import { spawn } from 'node:child_process';

/**
 * Runs in the foreground and resolves with the exit code. An interrupt is passed on, so that the server can close its files;
 * so is the end of whoever asked: a SIGTERM to npm ends the shell between, and nobody would tell us.
 */
export function foreground(command, args, options) {
	return new Promise((resolve) => {
		const child = spawn(command, args, { ...options, stdio: 'inherit' });
		for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
		const parent = process.ppid;
		const watch = setInterval(() => {
			if (process.ppid === parent) return;
			clearInterval(watch);
			child.kill('SIGTERM');
		}, 250);
		child.on('exit', (code, signal) => {
			clearInterval(watch);
			resolve(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1));
		});
	});
}
