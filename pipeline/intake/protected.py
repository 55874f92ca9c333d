"""Workbooks that Excel opens without asking: encrypted with the password it tries by itself.

"Mark as final", "read-only recommended" and protected structure encrypt a workbook with this password
([MS-OFFCRYPTO] 2.1.6); whoever opens it in Excel never sees that it is encrypted.
"""

import io

import msoffcrypto

from pipeline.intake.archive import Refused

DEFAULT_PASSWORD = "VelvetSweatshop"


def opened(data: bytes) -> bytes:
    """The workbook inside a file that is encrypted with the default password.

    Raises:
        Refused: it needs another password, which only its sender knows.
    """
    target = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        file.load_key(password=DEFAULT_PASSWORD, verify_password=True)
        file.decrypt(target)
    except MemoryError:
        raise
    except (
        Exception
    ):  # another password, another way of encryption, or damage: in each case only a person can open it
        raise Refused("password_protected") from None
    return target.getvalue()
