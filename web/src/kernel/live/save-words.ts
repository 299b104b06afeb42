import type { Unkept } from './kept-edits.ts';
import type { LiveState } from './state.ts';

/** The one vocabulary in which a live document says where its words are. */
export const zh = {
	connecting: '正在打开',
	saving: '正在保存',
	saved: (at: string) => `已保存 ${at}`,
	unchanged: '没有未保存的内容',
	full: (n: number) => `没有保存：服务器磁盘已满。${n} 处改动存在本机，有空间后自动送出`,
	fullUnkept: (n: number) => `没有保存：服务器磁盘已满。${n} 处改动等待送出`,
	offline: (n: number) => (n === 0 ? '离线，没有未发送的改动' : `离线，${n} 处改动存在本机`),
	offlineUnkept: (n: number) => `离线，${n} 处改动还没有送出`,
	refused: (n: number) => `${n} 个字未写入`,
	denied: '这份文书不再对您开放',
	signedOut: (n: number) => (n === 0 ? '已退出登录' : `已退出登录，${n} 处改动存在本机，登录后送出`),
	signedOutUnkept: (n: number) => `已退出登录，${n} 处改动还没有送出`,
	unkept: {
		full: '本机存储已满，离线暂存已停：没送出的字只在这个页面里，请不要关闭',
		unreachable: '离线暂存现在不可用：没送出的字只在这个页面里，请不要关闭'
	},
	readOnly: '只读',
	sealed: '已封存',
	aside: {
		refused: (n: number) => `您写的 ${n} 个字没有写入这份文书，在这里退还给您。`,
		setAside: (n: number) => `服务器从备份恢复，您写的 ${n} 个字接在同事尚缺的字后面，已交管理员处理，处理后会回到这里。急用可先复制。`,
		copy: '复制',
		copied: '已复制',
		discard: '不再保留'
	}
};

export const en: typeof zh = {
	connecting: 'Opening',
	saving: 'Saving',
	saved: (at) => `Saved ${at}`,
	unchanged: 'Nothing unsaved',
	full: (n) => `Not saved: the server’s disk is full. ${n} changes are kept on this device and go out when there is room`,
	fullUnkept: (n) => `Not saved: the server’s disk is full. ${n} changes wait to be sent`,
	offline: (n) => (n === 0 ? 'Offline, nothing unsent' : `Offline, ${n} changes kept on this device`),
	offlineUnkept: (n) => `Offline, ${n} changes not sent yet`,
	refused: (n) => `${n} characters not written`,
	denied: 'This document is no longer open to you',
	signedOut: (n) => (n === 0 ? 'Signed out' : `Signed out, ${n} changes kept on this device until you sign in`),
	signedOutUnkept: (n) => `Signed out, ${n} changes not sent yet`,
	unkept: {
		full: 'This PC’s storage is full: unsent words are only in this page, do not close it',
		unreachable: 'Nothing can be kept on this PC now: unsent words are only in this page, do not close it'
	},
	readOnly: 'Read only',
	sealed: 'Sealed',
	aside: {
		refused: (n) => `${n} characters you wrote were not added to this document; here they are.`,
		setAside: (n) =>
			`The server was restored. ${n} characters you wrote follow words of a colleague that it has lost; they wait for the administrator and will come back here. Copy them if you need them now.`,
		copy: 'Copy',
		copied: 'Copied',
		discard: 'Let it go'
	}
};

const second = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour12: false, hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** Never says that something is kept on this PC while it is not. */
export function saveWords(t: typeof zh, state: LiveState, unkept: Unkept): string {
	switch (state.kind) {
		case 'saved':
			return state.at === null ? t.unchanged : t.saved(second.format(state.at));
		case 'full':
			return unkept === null ? t.full(state.n) : t.fullUnkept(state.n);
		case 'offline':
			return unkept === null || state.n === 0 ? t.offline(state.n) : t.offlineUnkept(state.n);
		case 'signed-out':
			return unkept === null || state.n === 0 ? t.signedOut(state.n) : t.signedOutUnkept(state.n);
		case 'refused':
			return t.refused([...state.text].length);
		case 'read-only':
			return t.readOnly;
		default:
			return t[state.kind];
	}
}
