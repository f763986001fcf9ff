import { expect } from 'chai'
import { kindDiagnoses } from '../../../../deploy/cli/doctor/kinds.ts'
import { exitCodeOf, reportJson, reportText } from '../../../../deploy/cli/doctor/report.ts'
import type { Diagnosis } from '../../../../deploy/cli/doctor/thing.ts'

function aDiagnosis(given: Partial<Diagnosis>): Diagnosis {
  return { what: 'runc', isThere: true, isNeeded: true, found: '1.1', without: 'nothing', remedy: 'none', ...given }
}

const missing = aDiagnosis({
  what: 'catatonit',
  isThere: false,
  found: 'not found',
  without: 'no isolation',
  remedy: 'apt-get install --yes catatonit',
})

describe('reportText()', () => {
  it('has a line for each thing, and behind what is missing what is lost and what to do', () => {
    expect(reportText([aDiagnosis({}), missing]).split('\n')).to.deep.equal([
      'ok       runc       1.1',
      'MISSING  catatonit  not found',
      '         without it: no isolation',
      '         remedy: apt-get install --yes catatonit',
      '',
      'Needed and missing: catatonit',
    ])
  })

  it('tells what is only absent from what is needed', () => {
    const text = reportText([{ ...missing, isNeeded: false }])
    expect(text).to.contain('absent   catatonit').and.to.contain('Nothing that is needed is missing')
  })

  it('is content with a good machine', () => {
    expect(reportText([aDiagnosis({})])).to.contain('Nothing is missing')
  })
})

describe('reportJson()', () => {
  it('says the same to programs', () => {
    expect(JSON.parse(reportJson([aDiagnosis({}), missing]))).to.deep.equal({
      isReady: false,
      things: [aDiagnosis({}), missing],
    })
  })
})

describe('exitCodeOf()', () => {
  it('is 1 when something needed is missing, and only then', () => {
    expect(exitCodeOf([aDiagnosis({})])).to.equal(0)
    expect(exitCodeOf([aDiagnosis({}), { ...missing, isNeeded: false }])).to.equal(0)
    expect(exitCodeOf([aDiagnosis({}), missing])).to.equal(1)
  })
})

describe('kindDiagnoses()', () => {
  it('lists the kinds that are offered, why others are not, and layers that are absent', () => {
    const launch = { kind: 'python:3', command: ['/usr/bin/python3'], env: {}, binds: [] }
    const kinds = {
      offered: new Map([['python:3', launch]]),
      missing: new Map([['nodejs:20', 'needs node 20']]),
      absentLayers: () => ['"python:3" has a layer "/libs" that does not exist'],
    }
    const lines = kindDiagnoses(kinds).map(({ what, isThere, found, without }) => [what, isThere, found, without])
    expect(lines).to.deep.equal([
      ['python:3', true, '/usr/bin/python3', 'its actions are stored and not run'],
      [
        'nodejs:20',
        false,
        'needs node 20',
        'its actions are stored and not run, and without any nodejs an invoker never becomes healthy',
      ],
      [
        'layer of packages',
        false,
        '"python:3" has a layer "/libs" that does not exist',
        'actions do not find its packages, and no dependency image holds them',
      ],
    ])
  })
})
