// A provider that does nothing, loaded like any dynamic provider, so that only the engine's own time is measured.
exports.provider = {
  check: async (_olds, news) => ({ inputs: news }),
  diff: async (_id, olds, news) => ({ changes: JSON.stringify(olds) !== JSON.stringify(news) }),
  create: async (inputs) => ({ id: "empty", outs: inputs }),
  read: async (id, props) => ({ id, props, inputs: props }),
  update: async (_id, _olds, news) => ({ outs: news }),
  delete: async () => undefined,
};
