import { expect } from 'chai'
import { pinoLog } from '../../../../invoker/adapters/telemetry/pino-log.ts'
import { PromMeter } from '../../../../invoker/adapters/telemetry/prom-meter.ts'

function meterAndLog(): { meter: PromMeter; lines: string[] } {
  const lines: string[] = []
  const log = pinoLog({ level: 'info', destination: { write: (text) => lines.push(text) } })
  return { meter: new PromMeter({ log }), lines }
}

describe('PromMeter', () => {
  it('adds up counters by label', async () => {
    const { meter } = meterAndLog()
    meter.count('counter_invoker_containerStart_counter_total', { containerState: 'cold' })
    meter.count('counter_invoker_containerStart_counter_total', { containerState: 'cold' }, 2)
    meter.count('counter_invoker_containerStart_counter_total', { containerState: 'warm' })
    const text = await meter.text()
    expect(text).to.contain('# TYPE counter_invoker_containerStart_counter_total counter')
    expect(text).to.contain('counter_invoker_containerStart_counter_total{containerState="cold"} 3')
    expect(text).to.contain('counter_invoker_containerStart_counter_total{containerState="warm"} 1')
  })

  it('keeps the last value of a gauge', async () => {
    const { meter } = meterAndLog()
    meter.gauge('gauge_containerPool_runBufferCount_counter', 3)
    meter.gauge('gauge_containerPool_runBufferCount_counter', 0)
    expect(await meter.text()).to.contain('\ngauge_containerPool_runBufferCount_counter 0\n')
  })

  it('sorts observations into buckets that fit the unit', async () => {
    const { meter } = meterAndLog()
    meter.observe('histogram_invoker_activationRun_finish_seconds', 0.03)
    meter.observe('histogram_sizes_bytes', 2000)
    const text = await meter.text()
    expect(text).to.contain('histogram_invoker_activationRun_finish_seconds_bucket{le="0.025"} 0')
    expect(text).to.contain('histogram_invoker_activationRun_finish_seconds_bucket{le="0.05"} 1')
    expect(text).to.contain('histogram_sizes_bytes_bucket{le="4096"} 1')
  })

  it('says what a metric means', async () => {
    const { meter } = meterAndLog()
    meter.count('counter_invoker_activation_start_total')
    expect(await meter.text()).to.contain(
      '# HELP counter_invoker_activation_start_total Activations that the invoker took',
    )
  })

  it('never throws: a metric used wrongly is reported once', () => {
    const { meter, lines } = meterAndLog()
    meter.count('things_total', { a: 1 })
    for (let time = 0; time < 3; time += 1) meter.count('things_total', { b: 1 })
    meter.gauge('things_total', 1)
    expect(lines).to.have.length(1)
    expect(JSON.parse(lines[0] ?? '')).to.include({ event: 'metric refused', name: 'things_total' })
  })

  it('adds the metrics of the process where asked to', async () => {
    const log = pinoLog({ level: 'error', destination: { write: () => undefined } })
    expect(await new PromMeter({ log, withProcess: true }).text()).to.contain('process_resident_memory_bytes')
  })
})
