import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** The line that installs what a broker needs beside this repository, on Debian and Ubuntu. */
export const installLine = 'apt-get install --yes openjdk-17-jre-headless maven'

/**
 * The folder with the broker's jars, copied by Maven when they are not there, or are those of another pom.xml. Safe to
 * call from several processes at once: each copies into a folder of its own, and the last one to rename wins.
 * @param toolsDirectory where unpacked tools are kept; the jars go to `kafka/` in it
 * @throws Error when Maven is not there or fails, with what it printed
 */
export async function ensureJars({ pom, toolsDirectory }: { pom: string; toolsDirectory: string }): Promise<string> {
  const wanted = createHash('sha256').update(readFileSync(pom)).digest('hex')
  const target = path.join(toolsDirectory, 'kafka')
  if (copiedFrom(target) === wanted) return target
  mkdirSync(toolsDirectory, { recursive: true })
  const fresh = mkdtempSync(path.join(toolsDirectory, 'kafka-'))
  try {
    cpSync(pom, path.join(fresh, 'pom.xml'))
    await maven(fresh)
    writeFileSync(path.join(fresh, 'copied-from'), wanted)
    rmSync(target, { recursive: true, force: true })
    renameSync(fresh, target)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (copiedFrom(target) !== wanted) throw error
  }
  return target
}

function copiedFrom(folder: string): string | undefined {
  try {
    return readFileSync(path.join(folder, 'copied-from'), 'utf8')
  } catch {
    // Not there: to be copied.
    return undefined
  }
}

function maven(folder: string): Promise<void> {
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`]
  const child = spawn(
    'mvn',
    ['--batch-mode', '--quiet', '-Dstyle.color=never', '--file', `${folder}/pom.xml`, ...goal],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += String(chunk)))
  return new Promise((resolve, reject) => {
    child.on('error', (cause) =>
      reject(new Error(`Cannot copy the jars of Kafka: "mvn" does not start; run: ${installLine}`, { cause })),
    )
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`Cannot copy the jars of Kafka: mvn ended with ${code}\n${printed.trim()}`)),
    )
  })
}
