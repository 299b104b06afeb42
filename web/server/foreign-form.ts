import type { IncomingMessage, ServerResponse } from 'node:http';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const FORM = /^\s*(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\s*(?:;|$)/iu;
const SENTENCE = {
	'zh-CN': '这个表单没有写明来自本站，已拒绝，没有做任何改动。程序请发送 JSON。',
	en: 'This form does not say that it comes from this site. It was refused and nothing was changed; programs send JSON.'
} as const;

/** A form is what any page of any site can send; one that does not name us as its origin is refused here, before the framework says so without a sentence. */
export function refuseForeignForm(request: IncomingMessage, response: ServerResponse, origins: ReadonlySet<string>): boolean {
	const { origin, cookie = '', 'accept-language': language = '' } = request.headers;
	if (SAFE.has(request.method ?? 'GET') || !FORM.test(request.headers['content-type'] ?? '')) return false;
	if (origin !== undefined && origins.has(origin)) return false;
	const chosen = /(?:^|;\s*)locale=(zh-CN|en)\b/u.exec(cookie)?.[1] ?? (/^en\b/u.test(language) ? 'en' : 'zh-CN');
	response.writeHead(403, {
		'content-type': 'application/json; charset=utf-8',
		'cache-control': 'no-store',
		'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
	});
	response.end(JSON.stringify({ error: { code: 'cross-site', message: SENTENCE[chosen as keyof typeof SENTENCE] } }));
	return true;
}
