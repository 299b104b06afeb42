import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A sentence for the person at the console; nothing more to say than that. */
export class Stopped extends Error {}

export interface Server {
	/** A request as the signed-in administrator. */
	ask(path: string, init: RequestInit): Promise<Response>;
	leave(): Promise<void>;
}
export interface Imported {
	readonly stored: number;
	readonly refused: number;
}

const answers = async (url: string): Promise<boolean> => {
	try {
		return (await fetch(new URL('/api/health', url), { signal: AbortSignal.timeout(3000) })).ok;
	} catch (error) {
		if (error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError')) return false;
		throw error;
	}
};

async function startOwn(): Promise<{ readonly url: string; readonly child: ChildProcess }> {
	if (!existsSync(join(root, 'web/build/handler.js')))
		throw new Stopped('没有服务在运行，页面也还没有构建：请先运行一次 npm start。 No server is running and nothing is built yet: run npm start once first.');
	const env: NodeJS.ProcessEnv = { ...process.env, HOST: '127.0.0.1', PORT: '0' };
	for (const name of ['TONGPING_ORIGIN', 'TONGPING_TLS_CERT', 'TONGPING_TLS_KEY']) delete env[name];
	const child = spawn(process.execPath, [join(root, 'web/main.ts')], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
	let said = '';
	const url = await new Promise<string>((resolve, reject) => {
		const listen = (chunk: Buffer): void => {
			said += chunk.toString();
			const found = /http:\/\/127\.0\.0\.1:\d+/u.exec(said)?.[0];
			if (found !== undefined) resolve(found);
		};
		child.stdout.on('data', listen);
		child.stderr.on('data', listen);
		child.on('exit', () => {
			reject(new Stopped(`服务没有启动，原因如下。 The server did not start:\n${said.trim()}`));
		});
	});
	return { url, child };
}

/** The demo hospital keeps its password beside its data, for the person who may read that folder anyway. */
function demoPassword(): string | undefined {
	const file = join(resolve(root, process.env['TONGPING_DATA'] ?? '.data'), 'demo-password');
	return process.env['TONGPING_DEMO_PASSWORD'] ?? (existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined);
}

async function credentials(): Promise<{ readonly username: string; readonly password: string }> {
	const username = process.env['TONGPING_IMPORT_USER'];
	const password = process.env['TONGPING_IMPORT_PASSWORD'];
	if (username && password) return { username, password };
	const demo = process.env['TONGPING_DEMO'] === 'off' ? undefined : demoPassword();
	if (demo !== undefined && !username) return { username: 'admin1', password: demo };
	if (!process.stdin.isTTY)
		throw new Stopped(
			'请用 TONGPING_IMPORT_USER 和 TONGPING_IMPORT_PASSWORD 说明由哪位管理员导入。 Name the importing administrator with TONGPING_IMPORT_USER and TONGPING_IMPORT_PASSWORD.'
		);
	const asking = createInterface({ input: process.stdin, output: process.stdout });
	try {
		return { username: username ?? (await asking.question('管理员 administrator: ')), password: password ?? (await asking.question('密码 password: ')) };
	} finally {
		asking.close();
	}
}

/** The language of the person at the console; Chinese where the console names none. */
export const language = (): 'zh-CN' | 'en' => ((process.env['LANG'] ?? 'zh').startsWith('zh') ? 'zh-CN' : 'en');

/** The running server, or one of our own for the length of the import; signed in with a token that ends with it. */
export async function reachServer(): Promise<Server> {
	const configured = process.env['TONGPING_URL'] ?? process.env['TONGPING_ORIGIN'] ?? `http://127.0.0.1:${process.env['PORT'] ?? '3000'}`;
	const own = (await answers(configured)) ? null : await startOwn();
	const url = own?.url ?? configured;
	const stop = async (): Promise<void> => {
		if (own === null || own.child.exitCode !== null) return;
		const ended = new Promise<void>((resolve) => own.child.once('exit', () => resolve()));
		own.child.kill('SIGTERM');
		await ended;
	};
	const locale = language();
	try {
		const { username, password } = await credentials();
		const answer = await fetch(new URL('/api/session', url), {
			method: 'POST',
			headers: { 'content-type': 'application/json', cookie: `locale=${locale}` },
			body: JSON.stringify({ username, password, kind: 'token' })
		});
		const body = (await answer.json()) as { readonly token?: string; readonly error?: { readonly message: string } };
		if (body.token === undefined) throw new Stopped(`${username}: ${body.error?.message ?? answer.status}`);
		const headers = { authorization: `Bearer ${body.token}`, cookie: `locale=${locale}` };
		const ask = (path: string, init: RequestInit): Promise<Response> =>
			fetch(new URL(path, url), { ...init, headers: { ...headers, ...(init.headers as Record<string, string> | undefined) } });
		return {
			ask,
			leave: async () => {
				await ask('/api/session', { method: 'DELETE' });
				await stop();
			}
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

/** What the server said about one thing, as a sentence. */
export async function sentenceOf(answer: Response): Promise<string> {
	const text = await answer.text();
	try {
		const body = JSON.parse(text) as {
			readonly refusal?: { readonly message: string };
			readonly error?: { readonly message: string };
			readonly message?: string;
		};
		return body.refusal?.message ?? body.error?.message ?? body.message ?? `HTTP ${answer.status}`;
	} catch (error) {
		if (error instanceof SyntaxError) return `HTTP ${answer.status} ${text.slice(0, 200)}`;
		throw error;
	}
}
