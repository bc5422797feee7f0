import type { Page } from 'playwright-core'

/** Draws what a page shows as SVG: text, as all else in the repository is. */
export async function pictureOf(page: Page): Promise<string> {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
  const shapes = await page.evaluate<readonly string[]>(DRAW)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif">
${shapes.join('\n')}
</svg>
`
}

/**
 * Runs in the page: each box with a colour or a border is a rectangle, each word a text, each meter two rectangles, and
 * the line of a chart is found by its colour.
 */
const DRAW = `(() => {
  const shapes = []
  const round = number => Math.round(number * 10) / 10
  const escaped = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const seen = box => box.width > 0 && box.height > 0 && box.top < innerHeight && box.left < innerWidth
  const rect = ({ left, top, width, height }, fill, more = '') =>
    shapes.push(\`<rect x="\${round(left)}" y="\${round(top)}" width="\${round(width)}" height="\${round(height)}" fill="\${fill}"\${more}/>\`)
  const colour = name => {
    const probe = document.body.appendChild(document.createElement('i'))
    probe.style.color = \`var(--\${name})\`
    const value = getComputedStyle(probe).color
    probe.remove()
    return value
  }
  const words = (node, style) => {
    for (const { 0: word, index } of node.data.matchAll(/\\S+/g)) {
      const range = document.createRange()
      range.setStart(node, index)
      range.setEnd(node, index + word.length)
      const box = range.getBoundingClientRect()
      if (!seen(box)) continue
      const size = parseFloat(style.fontSize)
      const weight = style.fontWeight === '400' ? '' : \` font-weight="\${style.fontWeight}"\`
      const y = box.top + box.height / 2 + size * 0.35
      shapes.push(\`<text x="\${round(box.left)}" y="\${round(y)}" font-size="\${size}"\${weight} fill="\${style.color}" textLength="\${round(box.width)}" lengthAdjust="spacingAndGlyphs">\${escaped(word)}</text>\`)
    }
  }
  const chart = (canvas, box) => {
    const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    const accent = colour('accent').match(/\\d+/g).map(Number)
    const points = []
    for (let x = 0; x < width; x += 4)
      for (let y = 0; y < height; y++) {
        const at = 4 * (y * width + x)
        if (accent.every((value, part) => Math.abs(data[at + part] - value) < 40) && data[at + 3] > 128) {
          points.push(\`\${round(box.left + (x * box.width) / width)},\${round(box.top + (y * box.height) / height)}\`)
          break
        }
      }
    if (points.length > 1) shapes.push(\`<polyline points="\${points.join(' ')}" fill="none" stroke="\${colour('accent')}" stroke-width="2"/>\`)
  }
  const draw = element => {
    const style = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    if (style.display === 'none' || style.visibility === 'hidden') return
    if (element.tagName === 'METER') {
      rect(box, colour('line'), ' rx="4"')
      rect({ ...box.toJSON(), width: (box.width * (element.value - element.min)) / (element.max - element.min) }, colour('good'), ' rx="4"')
      return
    }
    if (element.tagName === 'CANVAS') return chart(element, box)
    const hasBorder = parseFloat(style.borderTopWidth) > 0
    const fill = style.backgroundColor === 'rgba(0, 0, 0, 0)' ? 'none' : style.backgroundColor
    if (seen(box) && (fill !== 'none' || hasBorder))
      rect(box, fill, (hasBorder ? \` stroke="\${style.borderTopColor}"\` : '') + \` rx="\${parseFloat(style.borderTopLeftRadius) || 0}"\`)
    else if (seen(box) && parseFloat(style.borderBottomWidth) > 0)
      rect({ left: box.left, top: box.bottom - 1, width: box.width, height: 1 }, style.borderBottomColor)
    if (element.tagName === 'INPUT') return
    for (const child of element.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) words(child, style)
      else if (child.nodeType === Node.ELEMENT_NODE) draw(child)
    }
  }
  draw(document.body)
  return shapes
})()`
