import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { alone } from './alone.mjs'
import { forFunctionbench } from './needs.mjs'
import { npmInstall } from './packages.mjs'
import { findModules, python } from './python.mjs'
import { run, say } from './run.mjs'
import { completeSystem, missing } from './system.mjs'

/**
 * Files of actions that a script makes: models, which are too large to be committed. `from` is what they are made from.
 * @type {{ folder: string, script: string, file: string, from: string[] }[]}
 */
const models = [
  {
    folder: 'model-serving',
    script: 'make-model.py',
    file: 'model.joblib',
    from: ['../model-training/reviews.csv'],
  },
  { folder: 'cnn-image-classification', script: 'make-weights.py', file: 'weights.pt', from: ['scenes.py'] },
  {
    folder: 'rnn-generate-text',
    script: 'make-weights.py',
    file: 'weights.pt',
    from: ['network.py', '../../word-count/alice.txt'],
  },
]

/** Where the functions are. @param {string} root the checkout */
const actions = (root) => path.join(root, 'actions', 'functionbench')

/** The layer of the runtime build of Node.js (runtimes/runtimes.json names it). @param {string} root the checkout */
const layer = (root) => path.join(root, '.warmwhisk', 'layers', 'nodejs')

/**
 * Makes the functions of actions/functionbench run: libraries of the system (as completeSystem does), npm packages, models.
 * With everything there it takes some milliseconds.
 * @param {string} root the checkout
 * @returns {string[]} what is lacking still
 * @throws {Error} when a step fails
 */
export function setUpFunctionbench(root) {
  completeSystem(forFunctionbench)
  alone(root, () => {
    installLayer(root)
    makeModels(root)
  })
  return lacking(root)
}

/** What the functions need and this machine has not, as names for people. @param {string} root the checkout @returns {string[]} */
export function lacking(root) {
  const libraries = missing(forFunctionbench).map(({ what }) => what)
  const packages = isNoted(layerNote(root), layerDigest(root)) ? [] : ['npm packages']
  const modules = modulesHere()
  const unmade = models.filter((model) => !isMade(root, model, modules)).map(({ folder }) => `the model of ${folder}`)
  return [...libraries, ...packages, ...unmade]
}

function installLayer(root) {
  const [note, digest] = [layerNote(root), layerDigest(root)]
  if (isNoted(note, digest)) return
  say('installing the npm packages of functionbench')
  const [folder, old] = [`${layer(root)}.new`, `${layer(root)}.old`]
  for (const left of [folder, old]) rmSync(left, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of ['package.json', 'package-lock.json']) {
    copyFileSync(path.join(actions(root), 'node-layer', name), path.join(folder, name))
  }
  npmInstall(folder, ['--omit=dev', '--ignore-scripts'])
  writeFileSync(path.join(folder, path.basename(note)), digest)
  // A running server binds the layer into each container that it starts: it is never absent for longer than it takes to rename.
  if (existsSync(layer(root))) renameSync(layer(root), old)
  renameSync(folder, layer(root))
  rmSync(old, { recursive: true, force: true })
}

const layerNote = (root) => path.join(layer(root), '.installed-from')

const layerDigest = (root) => digestOf([readFileSync(path.join(actions(root), 'node-layer', 'package-lock.json'))])

/** Makes what is missing or was made from something else. Without its libraries a script would fail: nothing is made then. */
function makeModels(root) {
  if (missing(forFunctionbench).length > 0) return
  const modules = modulesHere()
  for (const model of models) {
    if (isMade(root, model, modules)) continue
    say(`making the model of ${model.folder}`)
    const folder = path.join(actions(root), model.folder)
    run(`make the model of ${model.folder}`, [python, '-s', '-B', model.script], { cwd: folder })
    const note = modelNote(root, model)
    mkdirSync(path.dirname(note), { recursive: true })
    writeFileSync(note, modelDigest(root, model, modules))
  }
}

function isMade(root, model, modules) {
  const file = path.join(actions(root), model.folder, model.file)
  return existsSync(file) && isNoted(modelNote(root, model), modelDigest(root, model, modules))
}

const modelNote = (root, { folder }) => path.join(root, '.warmwhisk', 'functionbench', folder)

/** Of all that decides what a model is: its script, what that reads, and the libraries. */
function modelDigest(root, { folder, script, from }, modules) {
  const files = [script, ...from].map((name) => readFileSync(path.join(actions(root), folder, name)))
  return digestOf([...files, modules])
}

const modulesHere = () => [...findModules(forFunctionbench.map(({ module }) => module)).values()].join('\n')

function digestOf(parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

const isNoted = (note, digest) => existsSync(note) && readFileSync(note, 'utf8') === digest
