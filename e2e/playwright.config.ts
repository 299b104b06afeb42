import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';

const root = fileURLToPath(new URL('..', import.meta.url));

// This file is read again by every worker: what the first reading chose is handed on in the environment.
if (process.env.TONGPING_E2E_PORT === undefined) {
	const ask = 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})';
	process.env.TONGPING_E2E_PORT = execFileSync(process.execPath, ['-e', ask], { encoding: 'utf8' }).trim();
	const folder = mkdtempSync(join(tmpdir(), 'tongping-e2e-'));
	process.env.TONGPING_E2E_DATA = folder;
	process.on('exit', () => {
		rmSync(folder, { recursive: true, force: true });
	});
}
process.env.TONGPING_DEMO_PASSWORD ??= 'one-screen-2026';
const origin = `http://127.0.0.1:${process.env.TONGPING_E2E_PORT}`;

/** The production build, a fresh demo hospital, one browser at a time: what a journey sees is what a ward would see. */
export default defineConfig({
	testDir: 'journeys',
	outputDir: 'test-results',
	workers: 1,
	retries: 0,
	forbidOnly: process.env.CI !== undefined,
	timeout: 60_000,
	expect: { timeout: 10_000 },
	reporter: [['list']],
	use: {
		baseURL: origin,
		locale: 'zh-CN',
		timezoneId: 'Asia/Shanghai',
		viewport: { width: 1440, height: 900 },
		trace: 'retain-on-failure',
		launchOptions: {
			executablePath: process.env.TONGPING_CHROMIUM ?? '/usr/bin/chromium',
			args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic']
		}
	},
	webServer: {
		command: `"${process.execPath}" --disable-proto=throw web/main.ts`,
		cwd: root,
		url: `${origin}/api/health`,
		env: {
			HOST: '127.0.0.1',
			PORT: process.env.TONGPING_E2E_PORT,
			TONGPING_DATA: process.env.TONGPING_E2E_DATA ?? '',
			TONGPING_DEMO_PASSWORD: process.env.TONGPING_DEMO_PASSWORD
		},
		timeout: 120_000,
		stdout: 'ignore',
		stderr: 'pipe',
		gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 }
	}
});
