import { expect } from 'chai'
import { describeSettings } from '../../../invoker/config/describe.ts'
import { rows } from '../../../invoker/config/table.ts'

describe('describeSettings()', () => {
  it('has one line for every setting', () => {
    const lines = describeSettings()
      .split('\n')
      .filter((line) => line.startsWith('| `WARMWHISK_'))
    expect(lines).to.have.length(rows().length)
  })

  it('names the variables, the sentence, the type and the default', () => {
    expect(describeSettings()).to.contain(
      '| `WARMWHISK_POOL_PAUSE_GRACE`<br>`CONFIG_whisk_containerProxy_timeouts_pauseGrace` | ' +
        'How long a container without work waits before it is paused. | duration | `10s` |',
    )
  })
})
