import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * Does the work while no other process does the same in this checkout; waits for one that does.
 * @param {string} root the checkout
 * @param {() => void} work
 */
export function alone(root, work) {
  const file = path.join(root, '.warmwhisk', 'preparing')
  mkdirSync(path.dirname(file), { recursive: true })
  while (!taken(file)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
  try {
    work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** Whether the lock is ours now. The lock of a process that has ended counts for nothing. */
function taken(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (!isAlive(Number(holder(file)))) rmSync(file, { force: true })
    return false
  }
}

function holder(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // It was released meanwhile.
    return ''
  }
}

function isAlive(pid) {
  // A lock just made may be empty still: its holder is alive.
  if (Number.isNaN(pid) || pid === 0) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
