/** The composition root, in production and development alike: one process serves pages, commands, live documents and announcements. */
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { newId } from '@tongping/domain/kernel';
import { FolderTaken, NewerData, openHospital } from '@tongping/domain/kernel/server';
import { registry } from '../domain/src/registry.ts';
import { bringDemoStudies } from './server/demo-studies.ts';
import { demoPassword } from './server/demo-password.ts';
import { attachEvents } from './server/events.ts';
import { log } from './server/log.ts';
import { allowedOrigins, BadSetting, readSettings, type Settings } from './server/settings.ts';
import { attachSync } from './server/sync.ts';
import { greet } from './server/greeting.ts';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;
/** On every answer; the routes add theirs. */
const EVERY_ANSWER = {
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	'x-frame-options': 'DENY'
} as const;
const dev = process.argv.includes('--dev');
const root = new URL('..', import.meta.url).pathname;

function stop(sentence: string): never {
	console.error(`\n${sentence}\n`);
	process.exit(1);
}

async function open(settings: Settings) {
	const { dataDir, demo } = settings;
	try {
		mkdirSync(dataDir, { recursive: true });
		accessSync(dataDir, constants.W_OK);
	} catch (error) {
		stop(
			`The data folder ${dataDir} cannot be written (${(error as NodeJS.ErrnoException).code}). Give the server's user write access, or set TONGPING_DATA to another folder. / 数据目录不可写。`
		);
	}
	if (demo) process.env['TONGPING_DEMO_PASSWORD'] = demoPassword(dataDir, process.env['TONGPING_DEMO_PASSWORD']);
	try {
		return await openHospital({
			dataDir,
			registry,
			demo,
			writerEntry: new URL('./server/writer.ts', import.meta.url),
			onFault: (error) => {
				log.error({ error: error instanceof Error ? error.stack : String(error) }, 'fault');
			}
		});
	} catch (error) {
		if (error instanceof FolderTaken)
			stop(`Another Tongping server is already using ${dataDir}. Stop it, or set TONGPING_DATA to another folder. / 另一个服务正在使用这个数据目录。`);
		const { name, message } = error as Error;
		if (name === NewerData.name)
			stop(
				`The data folder ${dataDir} was written by a newer version of Tongping. Start that version, or set TONGPING_DATA to another folder. / 数据目录由更新的版本写入。`
			);
		if (/SQLITE_(FULL|IOERR|READONLY|CANTOPEN)|disk is full|readonly|unable to open/iu.test(message))
			stop(`The data folder ${dataDir} cannot be written: ${message.split('\n')[0]}. Free some space or give write access. / 数据目录无法写入。`);
		throw error;
	}
}

async function serve(): Promise<void> {
	let settings: Settings;
	try {
		settings = readSettings(process.env, root);
	} catch (error) {
		if (error instanceof BadSetting) stop(error.message);
		throw error;
	}
	const secure = settings.tls !== null;
	const tlsProxy = !secure && settings.origin?.startsWith('https://') === true;
	const server = settings.tls
		? https.createServer({ cert: readFileSync(settings.tls.cert), key: readFileSync(settings.tls.key), minVersion: 'TLSv1.2' })
		: http.createServer();
	server.headersTimeout = 15_000;
	server.requestTimeout = 300_000;
	// A browser that was quicker than the start waits for it instead of hanging for ever.
	let opened: (handler: Handler) => void = () => undefined;
	const ready = new Promise<Handler>((resolve) => {
		opened = resolve;
	});
	server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
		ready.then(
			(handler) => {
				handler(request, response);
			},
			() => {
				response.destroy();
			}
		);
	});
	await new Promise<void>((resolve) => {
		server.once('error', (error: NodeJS.ErrnoException) => {
			if (error.code === 'EADDRINUSE')
				stop(`Port ${settings.port} is already in use. Stop the other program, or start with PORT=3001 npm start. / 端口 ${settings.port} 已被占用。`);
			stop(`Cannot listen on ${settings.host}:${settings.port} (${error.code}). / 无法监听该地址。`);
		});
		server.listen(settings.port, settings.host, resolve);
	});
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : settings.port;
	const origins = allowedOrigins(settings, port);
	const hosts = new Set([...origins].map((origin) => new URL(origin).host));
	const hospital = await open(settings);
	process.env['PROTOCOL_HEADER'] = 'x-forwarded-proto';
	process.env['BODY_SIZE_LIMIT'] = '1G';
	if (!settings.demo) process.env['TONGPING_SETUP_CODE'] = newId().slice(0, 10);

	let app: Handler;
	if (dev) {
		process.chdir(import.meta.dirname);
		const { createServer } = await import('vite');
		const vite = await createServer({ configFile: './vite.config.ts', configLoader: 'native', server: { middlewareMode: true, ws: { server } } as never });
		app = vite.middlewares;
	} else {
		app = ((await import('./build/handler.js' as string)) as { handler: Handler }).handler;
	}
	const answer: Handler = (request, response) => {
		// Also on what never reaches a page: files, addresses that cannot be read, refusals before the routes.
		for (const [name, value] of Object.entries(EVERY_ANSWER)) response.setHeader(name, value);
		// A foreign Host is somebody else's name pointed at this machine (DNS rebinding).
		if (!hosts.has(request.headers.host ?? '')) {
			response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' }).end('This server does not answer to that name. / 本服务不使用该地址。');
			return;
		}
		request.headers['x-forwarded-proto'] = secure || tlsProxy ? 'https' : 'http';
		// The framework takes a write without a type for a form from anywhere and refuses it; forms always have a type, programs that
		// end a session often have none. Where the write comes from is judged by the one check in hooks.server.ts.
		request.headers['content-type'] ??= 'application/octet-stream';
		if (request.url?.startsWith('/io')) return;
		app(request, response);
	};
	const originAllowed = (origin: string | undefined): boolean => origin === undefined || origins.has(origin);
	attachEvents(server, originAllowed);
	const sync = await attachSync(server, originAllowed);

	let stopping = false;
	const shutDown = async (signal: string): Promise<void> => {
		if (stopping) return;
		stopping = true;
		log.info({ signal }, 'stopping');
		server.close();
		await sync.close();
		server.closeAllConnections();
		await hospital.close();
		process.exit(0);
	};
	for (const signal of ['SIGINT', 'SIGTERM'] as const)
		process.on(signal, () => {
			shutDown(signal).catch((error: unknown) => {
				log.error({ error }, 'stop');
				process.exit(1);
			});
		});
	opened(answer);
	await greet({ settings, port, fresh: hospital.fresh });
	if (settings.demo) {
		await bringDemoStudies(settings.dataDir).catch((error: unknown) => {
			if (!stopping) log.error({ error: error instanceof Error ? error.stack : String(error) }, 'demo studies');
		});
	}
}

process.on('unhandledRejection', (error) => {
	log.error({ error: error instanceof Error ? error.stack : String(error) }, 'unhandled');
});
await serve();
