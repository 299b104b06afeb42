import { json } from '@sveltejs/kit';
import type { Outcome, Refusal } from '@tongping/domain/kernel';
import { refusals } from '../registry/refusals.ts';
import type { Locale } from './text.ts';

const GENERAL: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
	'zh-CN': {
		'page-of-another': '这一页是另一个人登录时打开的，没有做任何改动。请在本页重新登录。',
		'signed-out': '登录已结束，请重新登录。您未发送的内容仍在本机。',
		locked: '屏幕已锁定，请输入密码继续。',
		forbidden: '这项操作不在您的岗位或病区范围内，请联系本病区的责任医师或护士长。',
		invalid: '提交的内容有缺漏，请核对后再试。',
		'not-json': '请求内容不是有效的 JSON。',
		'not-utf8': '请求内容不是 UTF-8 编码，没有保存任何内容。请换成 UTF-8 再发送。',
		'too-large': '提交的内容太大。',
		fault: '服务器没有完成这次操作，数据没有改变。请稍后再试。',
		storage: '服务器的存储暂时不能写入，数据没有改变。请通知信息科。',
		'storage-full': '服务器的磁盘已满，现在只能查看，数据没有改变。腾出空间后会自动恢复，请通知信息科。',
		'storage-fault': '服务器的磁盘出了故障，已停止保存，这次操作没有生效。请通知信息科重启服务器；本机未送出的内容仍在。',
		'cross-site': '这个请求来自别的网站，已拒绝。',
		'patient-mismatch': '屏幕上的患者与这条记录不是同一人，没有做任何改动。请回到患者页核对。',
		'step-up-needed': '这一步之前请再次输入密码。',
		'must-change': '这个密码是别人为您设的，请先改成自己的密码。',
		'password-short': '新密码至少 10 位，并且不能与现在的相同。',
		'command-id-reused': '这个操作编号已用于另一项操作，没有做任何改动。',
		'sign-in-refused': '用户名或密码不对。',
		'not-found': '没有找到，或不在您的查看范围内。'
	},
	en: {
		'page-of-another': 'This page was opened by somebody else; nothing was changed. Please sign in again on this page.',
		'signed-out': 'You are signed out. Please sign in again; what you have not sent is kept on this device.',
		locked: 'The screen is locked. Enter your password to go on.',
		forbidden: 'This is outside your post or ward. Ask the doctor in charge or the head nurse of the ward.',
		invalid: 'Something is missing or wrong in what was sent. Please check it.',
		'not-json': 'The request is not valid JSON.',
		'not-utf8': 'The request is not UTF-8 text. Nothing was stored; please send it as UTF-8.',
		'too-large': 'The request is too large.',
		fault: 'The server did not finish this. Nothing was changed; please try again.',
		storage: 'The server cannot store anything now. Nothing was changed; please tell the IT desk.',
		'storage-full':
			'The disk of the server is full, so it can only show. Nothing was changed. It goes on by itself when there is room; please tell the IT desk.',
		'storage-fault':
			'The disk of the server has failed and nothing is saved any more; this was not done. Please tell the IT desk to restart the server. What this device has not sent is kept on it.',
		'cross-site': 'This request came from another site and was refused.',
		'patient-mismatch': 'The patient on the screen is not the patient of this record. Nothing was changed; go back to the patient page and check.',
		'step-up-needed': 'Enter your password again before this.',
		'must-change': 'Somebody else set this password for you. Choose your own first.',
		'password-short': 'The new password needs 10 characters or more and must differ from the present one.',
		'command-id-reused': 'This command id was used for something else. Nothing was changed.',
		'sign-in-refused': 'The user name or the password is not right.',
		'not-found': 'Not found, or not yours to see.'
	}
};

export const sentence = (locale: Locale, code: string): string => GENERAL[locale][code] ?? GENERAL[locale]['fault']!;
export const refusalSentence = (locale: Locale, { code, facts }: Refusal): string =>
	refusals[locale][code]?.(facts) ?? GENERAL[locale][code] ?? `${GENERAL[locale]['invalid']!} (${code})`;

export const problem = (locale: Locale, status: number, code: string, more: Readonly<Record<string, unknown>> = {}): Response =>
	json({ error: { code, message: sentence(locale, code), ...more } }, { status, headers: { 'cache-control': 'no-store' } });

/** The wire form of an outcome, as docs/api.md promises it. */
export function outcomeResponse(locale: Locale, outcome: Outcome): Response {
	switch (outcome.kind) {
		case 'done':
			return json({ events: outcome.events }, { headers: { 'cache-control': 'no-store' } });
		case 'refused':
			return json(
				{ refusal: { ...outcome.refusal, message: refusalSentence(locale, outcome.refusal) } },
				// A missing proof is a matter of right, not of the world's state.
				{ status: outcome.refusal.code === 'step-up-needed' ? 403 : 409, headers: { 'cache-control': 'no-store' } }
			);
		case 'invalid':
			return problem(locale, 400, 'invalid', { issues: outcome.issues });
		case 'forbidden':
			return problem(locale, 403, 'forbidden');
	}
}

const LIMIT = 262_144;

export type Text = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly response: Response };

/** At most `limit` bytes of UTF-8, or the response that says why not: a body that does not announce its length is not read to its end. */
export async function readText(request: Request, locale: Locale, limit: number): Promise<Text> {
	const tooLarge = (): Text => ({ ok: false, response: problem(locale, 413, 'too-large') });
	if (Number(request.headers.get('content-length') ?? 0) > limit) return tooLarge();
	const reader = request.body?.getReader();
	if (reader === undefined) return { ok: true, text: '' };
	// A name in another charset must not become a name of question marks.
	const decoder = new TextDecoder('utf-8', { fatal: true });
	let [text, bytes] = ['', 0];
	try {
		for (let part = await reader.read(); !part.done; part = await reader.read()) {
			bytes += part.value.byteLength;
			// Not cancelled: that would cut the connection before the answer is out. Node lets the rest run into nothing.
			if (bytes > limit) return tooLarge();
			text += decoder.decode(part.value, { stream: true });
		}
		return { ok: true, text: text + decoder.decode() };
	} catch (error) {
		if ((error as { readonly code?: string }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { ok: false, response: problem(locale, 400, 'not-utf8') };
		throw error;
	}
}

const DEPTH = 64;

/** A NUL or half a character cannot be stored or searched for, and nothing we take is nested as deep as a stack is high. */
function isPlain(value: unknown): boolean {
	const left: (readonly [value: unknown, depth: number])[] = [[value, 0]];
	for (let next = left.pop(); next !== undefined; next = left.pop()) {
		const [each, depth] = next;
		if (typeof each === 'string' && (each.includes('\0') || !each.isWellFormed())) return false;
		if (typeof each !== 'object' || each === null) continue;
		if (depth >= DEPTH) return false;
		for (const inner of Object.values(each)) left.push([inner, depth + 1]);
	}
	return true;
}

/** JSON of at most 256 KiB, or the response that says why not. */
export async function readJson(
	request: Request,
	locale: Locale
): Promise<{ readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly response: Response }> {
	const body = await readText(request, locale, LIMIT);
	if (!body.ok) return body;
	try {
		const value: unknown = JSON.parse(body.text);
		return isPlain(value) ? { ok: true, value } : { ok: false, response: problem(locale, 400, 'invalid') };
	} catch {
		return { ok: false, response: problem(locale, 400, 'not-json') };
	}
}
