import { expect } from 'chai'
import { LoadBook } from '../../../../invoker/images/advise/load-book.ts'

describe('LoadBook', () => {
  const scanned = { codeDigest: 'abc', modules: ['torch'], provides: new Set<string>() }

  function note(book: LoadBook, ...namespaces: readonly string[]): void {
    for (const namespace of namespaces) book.note({ kind: 'python:3', scanned, namespace }, 1000)
  }

  function seen(book: LoadBook): readonly (readonly [string, number])[] {
    return book.codes().map(({ namespace, arrivals }) => [namespace, arrivals.burst(1000, 100)] as const)
  }

  it('counts the starts of a code together where namespaces share images', () => {
    const book = new LoadBook({ isShared: true })
    expect(book.namespaces()).to.deep.equal([''])
    note(book, 'a', 'b', 'a')
    expect(seen(book)).to.deep.equal([['', 3]])
    expect(book.namespaces()).to.deep.equal([''])
  })

  it('counts them for each namespace where they do not', () => {
    const book = new LoadBook({ isShared: false })
    expect(book.namespaces()).to.deep.equal([])
    note(book, 'a', 'b', 'a')
    expect(seen(book)).to.have.deep.members([
      ['a', 2],
      ['b', 1],
    ])
    expect(book.namespaces()).to.have.members(['a', 'b'])
  })

  it('tells kinds and codes apart', () => {
    const book = new LoadBook({ isShared: true })
    note(book, 'a')
    book.note({ kind: 'python:3', scanned: { ...scanned, codeDigest: 'other' }, namespace: 'a' }, 1000)
    book.note({ kind: 'nodejs:20', scanned, namespace: 'a' }, 1000)
    expect(book.codes()).to.have.length(3)
  })
})
