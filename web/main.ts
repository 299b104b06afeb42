/** The composition root, in production and development alike: one process serves pages, commands, live documents and announcements. */
import http from 'node:http';
import https from 'node:https';
import { newId } from '@tongping/domain/kernel';
import { keepCompiled, Trouble } from '@tongping/domain/kernel/server';
import { lockIdle, shortenIdleForTests } from '@tongping/domain/identity-access/server';
import { epochOf, provideOperations } from '@tongping/domain/operations/server';
import { presentIn } from '@tongping/sync-server';
import { anchorState, keepAnchors } from './server/anchors.ts';
import { bringDemoStudies } from './server/demo-studies.ts';
import { attachEvents, listeners } from './server/events.ts';
import { refuseForeignForm } from './server/foreign-form.ts';
import { greet } from './server/greeting.ts';
import { HttpCount } from './server/http-count.ts';
import { log } from './server/log.ts';
import { serveMetrics, type MetricsParts } from './server/metrics.ts';
import { openData, stop } from './server/open-data.ts';
import { address as addressOf, allowedOrigins, BadSetting, readSettings, type Settings } from './server/settings.ts';
import { Stopping } from './server/stopping.ts';
import { attachSync } from './server/sync.ts';
import { readTls, type Tls } from './server/tls.ts';
import { Watch } from './server/watch.ts';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;
/** On every answer; the routes add theirs. */
const EVERY_ANSWER = {
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'same-origin',
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
	'x-frame-options': 'DENY'
} as const;
function harden(response: http.ServerResponse): void {
	for (const [name, value] of Object.entries(EVERY_ANSWER)) response.setHeader(name, value);
}
const dev = process.argv.includes('--dev');
const root = new URL('..', import.meta.url).pathname;

async function serve(): Promise<void> {
	let settings: Settings;
	let tls: Tls | null;
	try {
		settings = readSettings(process.env, root);
		tls = settings.tls && readTls(settings.tls);
	} catch (error) {
		if (error instanceof BadSetting) stop(error.message);
		throw error;
	}
	const secure = tls !== null;
	const declared = settings.origin === null ? undefined : new URL(settings.origin).host;
	const tlsProxy = !secure && settings.origin?.startsWith('https://') === true;
	const server = tls ? https.createServer({ cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' }) : http.createServer();
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
			stop(
				`Cannot listen on ${settings.host}:${settings.port} (${error.code}). Give HOST an address of this machine, and PORT a number this user may take, above 1023. / 无法监听该地址：HOST 须是本机地址，PORT 须大于 1023。`
			);
		});
		server.listen(settings.port, settings.host, resolve);
	});
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : settings.port;
	const origins = allowedOrigins(settings, port, tls?.names);
	const hosts = new Set([...origins].map((origin) => new URL(origin).host));
	// Before the watch looks, what goes wrong is only logged.
	let fault: Watch['fault'] = (what, error, facts) => {
		log.error({ what, error, ...facts }, 'fault');
	};
	const hospital = await openData(settings, (error) => {
		if (error instanceof Trouble) fault(error.kind, error, error.facts);
		else fault('the storage', error);
	});
	if (settings.testIdle !== null) shortenIdleForTests(settings.testIdle);
	process.env['PROTOCOL_HEADER'] = 'x-forwarded-proto';
	process.env['BODY_SIZE_LIMIT'] = '1G';
	if (!settings.demo) process.env['TONGPING_SETUP_CODE'] = newId().slice(0, 10);

	const stopping = new Stopping();
	const counted = new HttpCount();
	let app: Handler;
	if (dev) {
		process.chdir(import.meta.dirname);
		const { createServer } = await import('vite');
		const vite = await createServer({ configFile: './vite.config.ts', configLoader: 'native', server: { middlewareMode: true, ws: { server } } as never });
		app = vite.middlewares;
	} else {
		app = ((await import('./build/handler.js' as string)) as { handler: Handler }).handler;
	}
	const metrics = (): MetricsParts => ({
		...parts,
		watch,
		http: counted,
		reader: hospital.reader,
		scrapeToken: settings.metricsToken,
		listeners: () => listeners(events)
	});
	const answer: Handler = (request, response) => {
		// Also on what never reaches a page: files, addresses that cannot be read, refusals before the routes.
		harden(response);
		// A foreign Host is somebody else's name pointed at this machine (DNS rebinding).
		if (!hosts.has(request.headers.host ?? '')) {
			response
				.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' })
				.end(
					'This server does not answer to that name; its operator declares names with TONGPING_ORIGIN. / 本服务不使用该地址，由运维用 TONGPING_ORIGIN 声明。'
				);
			return;
		}
		request.headers['x-forwarded-proto'] = secure || tlsProxy ? 'https' : 'http';
		// The framework takes a write without a type for a form from anywhere and refuses it; forms always have a type, programs that
		// end a session often have none. Where the write comes from is judged by the one check in hooks.server.ts.
		request.headers['content-type'] ??= 'application/octet-stream';
		// Some proxies name the machine behind them instead of what people type.
		if (tlsProxy) request.headers.host = declared;
		if (sync.handle(request, response)) return;
		if (refuseForeignForm(request, response, origins)) return;
		counted.watch(request, response);
		if (stopping.began) {
			response.writeHead(503, { 'retry-after': '5', connection: 'close', 'content-type': 'text/plain; charset=utf-8' });
			response.end('The server is restarting. / 服务正在重启。');
			return;
		}
		if (serveMetrics(request, response, metrics())) return;
		app(request, response);
	};
	const originAllowed = (origin: string | undefined): boolean => origin === undefined || origins.has(origin);
	const events = attachEvents(server, originAllowed);
	// The announcements answer before anybody else is asked.
	server.prependListener('request', (_request, response) => {
		harden(response);
	});
	const epoch = await epochOf(hospital.reader);
	const sync = await attachSync(
		server,
		originAllowed,
		(what, error, facts) => {
			fault(what, error, facts);
		},
		epoch
	);
	const parts = { sync: () => sync.stats(), writer: () => hospital.writer.stats() };
	const watch = new Watch({
		...parts,
		dataDir: settings.dataDir,
		epoch: () => epoch,
		people: presentIn,
		troubles: () => hospital.troubles.list(),
		anchors: anchorState
	});
	fault = (what, error, facts) => {
		watch.fault(what, error, facts);
	};
	watch.start();
	// The server locks what was left alone, whatever the page in front of it does.
	const idle = setInterval(
		() => {
			lockIdle().catch((error: unknown) => {
				fault('sessions left alone', error);
			});
		},
		settings.testIdle === null ? 5000 : 500
	);
	idle.unref();
	provideOperations(() => watch.now());
	const anchoring = keepAnchors(hospital, settings.outside);
	const close = async (): Promise<void> => {
		clearInterval(idle);
		await anchoring.stop();
		await hospital.close();
	};
	stopping.listen({ server, sync, events, hospital: { ...hospital, close } });
	opened(answer);
	keepCompiled();
	await greet({ settings, url: addressOf(settings, port, tls?.names), fresh: hospital.fresh });
	if (settings.demo) {
		await bringDemoStudies(settings.dataDir).catch((error: unknown) => {
			if (!stopping.began) log.error({ error }, 'demo studies');
		});
	}
}

process.on('unhandledRejection', (error) => {
	log.error({ error }, 'unhandled');
});
process.on('uncaughtException', (error) => {
	log.fatal({ error }, 'uncaught');
	process.exit(1);
});
// What this process writes, the database first, is for its own user alone.
process.umask(0o077);
await serve();
