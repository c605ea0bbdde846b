/**
 * Holds the packages to the import arrows of docs/guide/explanation/architecture.md: which sibling a package may import (by its name
 * or by a sub-path that its package.json exports), which part of TensorFlow.js, and that the ops with missing or wrong gradients are reached only through
 * packages/core-model/src/ops. Reads every import, export-from, dynamic import() and require() in packages/<name>/src,
 * and the dependencies in package.json.
 *
 *     node scripts/check-imports.mjs [ROOT]
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { manifestOf, packageFolders, root } from './workspace.mjs';

const backends = /^@tensorflow\/tfjs-(backend-[a-z]+|node|node-gpu)$/;

/** The arrows. A package that is not listed may import nothing of the project and nothing of TensorFlow.js. */
const arrows = {
  metrics: { siblings: [], tensorflow: [], dependencyFree: true },
  losses: { siblings: [], tensorflow: ['@tensorflow/tfjs-core'] },
  'core-model': { siblings: [], tensorflow: ['@tensorflow/tfjs-core', backends] },
  'io-medical': { siblings: [], tensorflow: [] },
  'semi-supervised': {
    siblings: ['core-model', 'losses'],
    tensorflow: ['@tensorflow/tfjs', '@tensorflow/tfjs-core'],
  },
  cli: {
    siblings: ['io-medical', 'semi-supervised', 'core-model', 'losses', 'metrics'],
    tensorflow: ['@tensorflow/tfjs', '@tensorflow/tfjs-core', backends],
  },
};
const nothing = { siblings: [], tensorflow: [] };

/**
 * Ops whose stock gradient is missing or wrong on some backend, or whose padding differs from the reference; use
 * packages/core-model/src/ops. Losses know no models, hence not those ops, and avgPool is right everywhere.
 */
const wrappedOps = ['conv2d', 'depthwiseConv2d', 'maxPool', 'avgPool', 'image'];
const wrappedOpsFor = {
  losses: wrappedOps.filter((op) => op !== 'avgPool' && op !== 'image'),
};

/** The only folders in which import() may take a computed name: finding optional native backends. */
const computedImportFolders = [['packages', 'core-model', 'src', 'backend', ''].join(sep)];
const opsFolder = ['packages', 'core-model', 'src', 'ops', ''].join(sep);

/** Every breach below `base`, as `file:line: what is wrong and what is allowed`. */
export function findBreaches(base) {
  return packageFolders(base).flatMap((folder) => [
    ...checkManifest(folder, base),
    ...sourceFiles(join(folder, 'src')).flatMap((file) => checkSource(file, folder, base)),
  ]);
}

function checkManifest(folder, base) {
  const where = relative(base, join(folder, 'package.json'));
  const manifest = manifestOf(folder);
  const arrow = arrows[basename(folder)] ?? nothing;
  const declared = [
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
  ];
  if (arrow.dependencyFree && declared.length > 0) {
    return [
      `${where}: ${basename(folder)} has no run-time dependency at all, but declares ${declared.join(', ')}`,
    ];
  }
  return declared.flatMap((name) => forbidden(name, folder).map((why) => `${where}: ${why}`));
}

function checkSource(file, folder, base) {
  const where = relative(base, file);
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const manifest = manifestOf(folder);
  const declared = new Set([
    manifest.name,
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
  ]);
  const breaches = [];
  const report = (node, text) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    breaches.push(`${where}:${line + 1}: ${text}`);
  };

  const visit = (node) => {
    const imported = importedModule(node);
    if (imported === COMPUTED) {
      if (!computedImportFolders.some((allowed) => where.startsWith(allowed))) {
        report(node, 'import() of a computed name hides an arrow; write the name out');
      }
    } else if (imported !== undefined) {
      for (const why of checkModule(imported, file, folder, declared)) report(node, why);
      if (imported.startsWith('@tensorflow/') && !where.startsWith(opsFolder)) {
        for (const why of checkTensorflowNames(node, basename(folder))) report(node, why);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return breaches;
}

const COMPUTED = Symbol('computed');

/** The module a node imports: its name, COMPUTED for import(expression), undefined for any other node. */
function importedModule(node) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier?.text;
  if (ts.isImportTypeNode(node)) return node.argument.literal?.text;
  if (!ts.isCallExpression(node)) return undefined;
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  if (!isImport && !isRequire) return undefined;
  const [argument] = node.arguments;
  return argument !== undefined && ts.isStringLiteralLike(argument) ? argument.text : COMPUTED;
}

function checkModule(name, file, folder, declared) {
  if (name.startsWith('.')) {
    const target = relative(folder, resolve(file, '..', name));
    return target.startsWith('..') ? [`"${name}" leaves the package; import a sibling by its name`] : [];
  }
  if (isBuiltin(name)) return [];
  const breaches = forbidden(name, folder);
  if (breaches.length > 0) return breaches;
  const own = packageName(name);
  return declared.has(own)
    ? []
    : [`"${own}" is not among the dependencies of ${basename(folder)}/package.json`];
}

/** Why a package may not depend on a module; empty if it may. */
function forbidden(name, folder) {
  const from = basename(folder);
  const arrow = arrows[from] ?? nothing;
  const target = packageName(name);
  if (target.startsWith('@infnet/')) {
    if (target === `@infnet/${from}`) return [];
    if (arrow.siblings.includes(target.slice('@infnet/'.length))) {
      return isExported(name, target, folder)
        ? []
        : [`"${name}" reaches into ${target}; import ${target}, or a sub-path that its package.json exports`];
    }
    return [`${from} must not import ${target}; ${allowance(from, arrow)}`];
  }
  if (target.startsWith('@tensorflow/')) {
    const allowed = arrow.tensorflow.some((rule) =>
      typeof rule === 'string' ? rule === target : rule.test(target),
    );
    return allowed ? [] : [`${from} must not import ${target}; ${allowance(from, arrow)}`];
  }
  return [];
}

/** True for a sibling's main entry, and for a sub-path under "exports" in its package.json. */
function isExported(name, target, folder) {
  if (name === target) return true;
  const sibling = join(folder, '..', target.slice('@infnet/'.length));
  if (!existsSync(join(sibling, 'package.json'))) return false;
  return Object.hasOwn(manifestOf(sibling).exports ?? {}, `.${name.slice(target.length)}`);
}

function allowance(from, { siblings, tensorflow }) {
  const names = [
    ...siblings.map((name) => `@infnet/${name}`),
    ...tensorflow.map((rule) => (typeof rule === 'string' ? rule : 'the backends of TensorFlow.js')),
  ];
  return `of the project and TensorFlow.js, ${from} may import ${names.length > 0 ? names.join(', ') : 'nothing'}`;
}

/** `import * as tf` keeps the lint rules on `tf.conv2d` and its like effective; named imports must not evade them. */
function checkTensorflowNames(node, from) {
  const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : undefined;
  if (bindings === undefined) return [];
  if (ts.isNamespaceImport(bindings)) {
    const name = bindings.name.text;
    const typeOnly = node.importClause.phaseModifier === ts.SyntaxKind.TypeKeyword;
    return name === 'tf' || typeOnly
      ? []
      : [`call the namespace "tf", not "${name}": lint rules look for that name`];
  }
  const banned = wrappedOpsFor[from] ?? wrappedOps;
  return bindings.elements
    .map((element) => (element.propertyName ?? element.name).text)
    .filter((name) => banned.includes(name))
    .map((name) => `"${name}" of TensorFlow.js is used through packages/core-model/src/ops only`);
}

function packageName(name) {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .toSorted();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const breaches = findBreaches(resolve(process.argv[2] ?? root));
  for (const breach of breaches) process.stderr.write(`${breach}\n`);
  if (breaches.length > 0) {
    process.stderr.write(
      `\n${breaches.length} forbidden import(s). The arrows: docs/guide/explanation/architecture.md\n`,
    );
  }
  process.exit(breaches.length > 0 ? 1 : 0);
}
