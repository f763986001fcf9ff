const { reporters } = require('mocha')

/**
 * Mocha's own report, and as the last line of all: `N passed, N failed, N skipped`. With CI=true a skipped test fails the run:
 * the machine of the CI has everything that a test may ask for.
 */
class ClosingLine extends reporters.Spec {
  #failedTests = 0

  constructor(runner, options) {
    super(runner, options)
    runner.on('fail', (failed) => {
      if (failed.type === 'test') this.#failedTests += 1
    })
  }

  done(failures, finish) {
    const { passes, pending } = this.stats
    const unrun = this.runner.total - passes - pending - this.#failedTests
    if (unrun > 0) process.stdout.write(`${unrun} tests did not run: a hook before them failed\n`)
    const isSkipWrong = process.env.CI === 'true' && pending > 0
    if (isSkipWrong) process.stdout.write('Nothing may be skipped where CI is true\n')
    process.stdout.write(`${passes} passed, ${this.stats.failures} failed, ${pending} skipped\n`)
    finish(failures + (isSkipWrong ? pending : 0))
  }
}

module.exports = ClosingLine
