"""The formula weights ("infnet-golden" scheme, version 1) as PyTorch files, and a check of files that came back.

make KEYS FOLDER         writes zip.pth, legacy.pth, wrapped.pth (legacy, `module.` in a `state_dict`), half.pth
check KEYS FILE...       loads each file strictly into a module with these keys and compares every tensor
"""

import collections
import json
import math
import sys

import numpy
import torch

SEED = 'infnet-golden-1'


def fnv1a(text):
    h = 0x811C9DC5
    for byte in text.encode():
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return h


def units(key, count):
    x = numpy.uint32(fnv1a(key)) + numpy.arange(count, dtype=numpy.uint32) * numpy.uint32(0x9E3779B9)
    x = (x ^ (x >> numpy.uint32(16))) * numpy.uint32(0x7FEB352D)
    x = (x ^ (x >> numpy.uint32(15))) * numpy.uint32(0x846CA68B)
    x = x ^ (x >> numpy.uint32(16))
    return (2.0 * (x >> numpy.uint32(8)) + 1.0 - 2.0**24) / 2.0**24


def tensor(name, shape, dtype):
    if dtype == 'int64':
        return torch.zeros(shape, dtype=torch.int64)
    if name.endswith('running_mean') or name.endswith('.bias'):
        mid, half = 0.0, 0.25
    elif name.endswith('running_var'):
        mid, half = 1.0, 0.5
    elif len(shape) == 1:
        mid, half = (0.5 if name.endswith('.bn3.weight') else 1.0), 0.25
    else:
        variance = 6 if name.startswith('vgg.') or '.double_conv.' in name else 3
        mid, half = 0.0, math.sqrt(variance / math.prod(shape[1:]))
    values = mid + half * units(f'{SEED}:{name}', math.prod(shape))
    return torch.from_numpy(values.astype(numpy.float32).reshape(shape))


def weights(keys):
    return collections.OrderedDict((name, tensor(name, shape, dtype)) for name, shape, dtype in keys)


def skeleton(keys):
    """A module whose state dict has exactly these keys, so that loading into it can be strict."""
    root = torch.nn.Module()
    for name, shape, dtype in keys:
        *path, leaf = name.split('.')
        module = root
        for part in path:
            if part not in module._modules:
                module.add_module(part, torch.nn.Module())
            module = module._modules[part]
        if 'running' in leaf or dtype == 'int64':
            module.register_buffer(leaf, torch.empty(shape, dtype=getattr(torch, dtype)))
        else:
            module.register_parameter(leaf, torch.nn.Parameter(torch.empty(shape)))
    return root


def read(path):
    if not path.endswith('.safetensors'):
        return torch.load(path, weights_only=True)
    data = open(path, 'rb').read()
    size = int.from_bytes(data[:8], 'little')
    found = collections.OrderedDict()
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name != '__metadata__':
            dtype = {'F32': numpy.float32, 'I64': numpy.int64}[entry['dtype']]
            begin, end = (8 + size + at for at in entry['data_offsets'])
            found[name] = torch.from_numpy(numpy.frombuffer(data[begin:end], dtype).reshape(entry['shape']).copy())
    return found


keys = json.load(open(sys.argv[2]))
expected = weights(keys)
if sys.argv[1] == 'make':
    folder = sys.argv[3]
    torch.save(expected, f'{folder}/zip.pth')
    torch.save(expected, f'{folder}/legacy.pth', _use_new_zipfile_serialization=False)
    wrapped = {'epoch': 99, 'state_dict': {f'module.{name}': value for name, value in expected.items()}}
    torch.save(wrapped, f'{folder}/wrapped.pth', _use_new_zipfile_serialization=False)
    halves = {name: value.half() if value.is_floating_point() else value for name, value in expected.items()}
    torch.save(halves, f'{folder}/half.pth')
else:
    for path in sys.argv[3:]:
        module = skeleton(keys)
        module.load_state_dict(read(path), strict=True)
        loaded = module.state_dict()
        assert list(loaded) == list(expected), 'names or their order differ'
        for name, value in expected.items():
            assert loaded[name].dtype == value.dtype and torch.equal(loaded[name], value), name
print('done')
