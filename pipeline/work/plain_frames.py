"""Frames, series, indexes and arrays as plain data: see `plain_data`.

Numbers and times stand as they stand in memory, texts as Arrow arrays; a column of mixed things is a list of plain
values. What comes back has the same types to the letter: dtypes, index, categories, names, their order.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionArray

_KINDS = "biufmM"  # kinds of numpy types that are held: numbers, truth values, times
_TEXTS = pa.schema([pa.field("texts", pa.large_string())])
Writer = Any  # `plain_data`'s, which knows this module
Reader = Any


def _array_node(writer: Writer, array: np.ndarray[Any, Any]) -> list[Any]:
    if array.dtype == object:
        return ["objects", writer.node(array.ravel().tolist()), list(array.shape)]
    if array.dtype.kind not in _KINDS:
        raise TypeError(f"an array of {array.dtype} is no plain data")
    return ["array", array.dtype.str, list(array.shape), writer.buffer(array.tobytes())]


def _array_of(reader: Reader, dtype: str, shape: list[int], number: int) -> np.ndarray[Any, Any]:
    kind = np.dtype(str(dtype))
    if kind.kind not in _KINDS:
        raise ValueError(dtype)
    return np.frombuffer(reader.buffers[number], dtype=kind).reshape(shape).copy()


def _objects_of(reader: Reader, items: Any, shape: list[int]) -> np.ndarray[Any, Any]:
    values = reader.value(items)
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array.reshape(shape)


def _scalar_node(writer: Writer, value: np.generic) -> list[Any]:
    return ["scalar", _array_node(writer, np.asarray(value))]


def _texts_node(writer: Writer, array: ExtensionArray) -> list[Any]:
    dtype: Any = array.dtype
    texts = pa.array(array, type=pa.large_string(), from_pandas=True)
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    batch = pa.record_batch([texts], schema=_TEXTS)
    return ["texts", dtype.storage, dtype.na_value is pd.NA, writer.buffer(memoryview(batch.serialize()))]


def _texts_of(reader: Reader, storage: Any, with_na: bool, number: int) -> ExtensionArray:
    batch = pa.ipc.read_record_batch(pa.py_buffer(bytes(reader.buffers[number])), _TEXTS)
    batch.validate(full=True)  # places that lie outside would be read
    dtype: Any = pd.StringDtype(storage, na_value=pd.NA if with_na else np.nan)
    made: ExtensionArray = dtype.__from_arrow__(batch.column(0))
    return made


def _values_node(writer: Writer, holder: pd.Series | pd.Index) -> list[Any]:
    """What stands in a column or an index."""
    dtype: Any = holder.dtype
    if isinstance(dtype, np.dtype):
        return _array_node(writer, holder.to_numpy())
    array: Any = holder.array
    if isinstance(dtype, pd.StringDtype):
        return _texts_node(writer, array)
    if isinstance(dtype, pd.CategoricalDtype):
        codes = _array_node(writer, np.asarray(array.codes))
        return ["categories", codes, _index_node(writer, dtype.categories), bool(dtype.ordered)]
    if dtype.name in _NULLABLE:
        plain = array.to_numpy(dtype=dtype.numpy_dtype, na_value=dtype.numpy_dtype.type(0))
        return ["nullable", dtype.name, _array_node(writer, plain), _array_node(writer, np.asarray(array.isna()))]
    raise TypeError(f"a column of {dtype} is no plain data")


_NULLABLE: dict[str, Callable[[Any, Any], ExtensionArray]] = {
    "boolean": pd.arrays.BooleanArray,
    "Float32": pd.arrays.FloatingArray,
    "Float64": pd.arrays.FloatingArray,
    **{f"{sign}nt{bits}": pd.arrays.IntegerArray for sign in ("I", "UI") for bits in (8, 16, 32, 64)},
}


def _categories_of(reader: Reader, codes: Any, categories: Any, ordered: bool) -> pd.Categorical:
    dtype = pd.CategoricalDtype(reader.value(categories), ordered)
    return pd.Categorical.from_codes(reader.value(codes), dtype=dtype)


def _nullable_of(reader: Reader, name: str, values: Any, mask: Any) -> ExtensionArray:
    return _NULLABLE[name](reader.value(values), reader.value(mask))


def _index_node(writer: Writer, index: pd.Index) -> list[Any]:
    if isinstance(index, pd.RangeIndex):
        return ["range", index.start, index.stop, index.step, writer.node(index.name)]
    if isinstance(index, pd.MultiIndex):
        levels = [_index_node(writer, level) for level in index.levels]
        codes = [_array_node(writer, np.asarray(one)) for one in index.codes]
        return ["many", levels, codes, writer.node(list(index.names))]
    freq = getattr(index, "freqstr", None)
    return ["index", _values_node(writer, index), writer.node(index.name), freq]


def _index_of(reader: Reader, values: Any, name: Any, freq: str | None) -> pd.Index:
    made: pd.Index = pd.Index(reader.value(values), name=reader.value(name), copy=False)
    if freq is not None:
        made = pd.DatetimeIndex(made, freq=freq)
    return made


def _many_of(reader: Reader, levels: Any, codes: Any, names: Any) -> pd.MultiIndex:
    return pd.MultiIndex(
        levels=[reader.value(one) for one in levels],
        codes=[reader.value(one) for one in codes],
        names=reader.value(names),
    )


def _series_node(writer: Writer, series: pd.Series) -> list[Any]:
    return [
        "series", _values_node(writer, series), _index_node(writer, series.index), writer.node(series.name),
    ]  # fmt: skip


def _series_of(reader: Reader, values: Any, index: Any, name: Any) -> pd.Series:
    return pd.Series(reader.value(values), index=reader.value(index), name=reader.value(name), copy=False)


def _frame_node(writer: Writer, frame: pd.DataFrame) -> list[Any]:
    columns = [_values_node(writer, frame.iloc[:, number]) for number in range(frame.shape[1])]
    return ["frame", columns, _index_node(writer, frame.columns), _index_node(writer, frame.index)]


def _frame_of(reader: Reader, columns: Any, names: Any, index: Any) -> pd.DataFrame:
    held = {number: reader.value(one) for number, one in enumerate(columns)}
    rows = reader.value(index)
    if any(len(column) != len(rows) for column in held.values()):
        raise ValueError("columns of other lengths")
    frame = pd.DataFrame(held, index=rows, copy=False)
    frame.columns = reader.value(names)
    return frame


FRAME_WRITERS: dict[type, Callable[[Writer, Any], list[Any]]] = {
    pd.DataFrame: _frame_node,
    pd.Series: _series_node,
    pd.Index: _index_node,
    np.ndarray: _array_node,
    np.generic: _scalar_node,
    ExtensionArray: lambda writer, array: _values_node(writer, pd.Series(array)),
}
FRAME_READERS: dict[str, Callable[..., Any]] = {
    "array": _array_of,
    "objects": _objects_of,
    "scalar": lambda reader, node: reader.value(node)[()],
    "texts": _texts_of,
    "categories": _categories_of,
    "nullable": _nullable_of,
    "range": lambda reader, start, stop, step, name: pd.RangeIndex(start, stop, step, name=reader.value(name)),
    "index": _index_of,
    "many": _many_of,
    "series": _series_of,
    "frame": _frame_of,
}
