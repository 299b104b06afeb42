import type { Locale } from '#kernel/text.ts';

/** What is said beside each code of the DICOMweb service (PS3.18): fact, reason, way out. */
export const sentences: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
	'zh-CN': {
		'signed-out': '登录已结束，请重新登录。',
		forbidden: '导入图像由影像医师或管理员进行，请联系影像科。',
		'not-found': '没有找到，或不在您的查看范围内。',
		method: '这个地址不接受这种请求。检索和取图用 GET，送入用 POST /dicomweb/studies。',
		'not-acceptable': '图像按存储的压缩方式送出，元数据和检索结果是 DICOM JSON，不能转成所要的类型。取图像请接受 transfer-syntax=*。',
		'bad-query': '检索条件读不懂，请核对字段、日期和数目。',
		storage: '服务器的磁盘已满，图像没有存入。请通知信息科。',
		'not-multipart': '内容类型应为 multipart/related，未收任何文件。',
		boundary: '分段标记缺失或不合规定，未收任何文件。',
		headers: '分段的头部没有结束或太长，从这里起未收。',
		'too-many-parts': '一次送来的文件太多，之后的未收。请分几次送。',
		'too-large': '内容太大。送入时请分几次，一次不超过 1 GB；取元数据时请按序列取。',
		'cut-short': '连接中断，内容没有送完。列出的已处理，其余请再送一次。'
	},
	en: {
		'signed-out': 'You are signed out. Please sign in again.',
		forbidden: 'Images are imported by radiologists or administrators. Ask the radiology department.',
		'not-found': 'Not found, or not yours to see.',
		method: 'This address does not take such a request. Search and fetch with GET, send with POST /dicomweb/studies.',
		'not-acceptable':
			'Pictures are sent in the compression they are stored in, metadata and search results as DICOM JSON, not in the type asked for. For pictures accept transfer-syntax=*.',
		'bad-query': 'The search cannot be read. Check its fields, dates and numbers.',
		storage: 'The disk of the server is full and the pictures were not stored. Please tell the IT desk.',
		'not-multipart': 'The content type has to be multipart/related. No file was taken.',
		boundary: 'The boundary between the parts is missing or not allowed. No file was taken.',
		headers: 'The headers of a part do not end or are too long. Nothing was taken from there on.',
		'too-many-parts': 'Too many files at once; the later ones were not taken. Send them in several requests.',
		'too-large': 'This is too large. Send in several requests of at most 1 GB each; ask for metadata series by series.',
		'cut-short': 'The connection broke before everything had come. Those listed were dealt with; please send the others again.'
	}
};
