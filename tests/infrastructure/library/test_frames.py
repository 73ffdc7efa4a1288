"""Messages over a pipe."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.library.frames import LONGEST, BrokenFrame, read, write

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.lists(JSON))
def test_messages_arrive_as_they_were_sent(messages: list[object]) -> None:
    pipe = io.BytesIO()
    for message in messages:
        write(pipe, message)
    pipe.seek(0)
    assert [read(pipe) for _ in messages] == messages


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0",
        b"\0\0\0\x05{}",
        struct.pack(">I", LONGEST + 1) + b"{}",
        b"\0\0\0\x02{]",
        b"\0\0\0\x01\xff",
        struct.pack(">I", 200_000) + b"[" * 200_000,
    ],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenFrame):
        read(io.BytesIO(data))


def test_a_closed_pipe_is_told() -> None:
    pipe = io.BytesIO()
    pipe.close()
    with pytest.raises(BrokenFrame):
        write(pipe, "hello")
    with pytest.raises(BrokenFrame):
        read(pipe)
