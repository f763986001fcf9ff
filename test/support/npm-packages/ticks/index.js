let ticks = 0
setInterval(() => {
  ticks += 1
}, 5).unref()
module.exports = { ticks: () => ticks }
