// Reads HTML on standard input; writes what caniemail.com's data says against it, one "client<TAB>feature"
// a line. The package `caniemail` is looked for from the folder in the first argument.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.argv[2] + '/');
const { caniemail } = await import(pathToFileURL(require.resolve('caniemail')));
const { issues } = caniemail({ clients: process.argv.slice(3), html: readFileSync(0, 'utf8') });
for (const [client, found] of issues.errors) {
  for (const each of found) console.log(client + '\t' + each.title);
}
