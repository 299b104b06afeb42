import type { RefusalFacts } from '@tongping/domain/kernel';

export const text = {
	placeholder: '编码、中文或拼音首字母',
	searching: '正在查找…',
	none: (typed: string) => `没有找到“${typed}”。可以换成编码开头或拼音首字母。`,
	found: (n: number) => `找到 ${n} 条，用上下键选择`,
	lost: '现在查不到编码：连不上服务器。请稍后再试。',
	clear: '清除'
};

export const refusals: Record<string, (facts: RefusalFacts) => string> = {
	'code-table-empty': () => '这个文件里没有编码。应当是“编码,名称”一行一条的表。',
	'code-table-bad-row': ({ line, text: row }) => `第 ${line} 行不是“编码,名称”：${row}。整个表没有导入。`,
	'code-table-twice': ({ code, line, before }) => `编码 ${code} 在第 ${before} 行和第 ${line} 行各出现一次。整个表没有导入。`
};
