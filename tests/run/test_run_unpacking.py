"""A zip of reports or a saved mail in the inbox: its files count as if each had been dropped by itself."""

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from small_home import SmallHome, call


def packed(home: SmallHome, path: Path, kind: str) -> None:
    """A form taken out of the inbox and put there again in a zip, or as the attachment of a mail."""
    name, data = path.name, path.read_bytes()
    path.unlink()
    if kind == "zip":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(zipfile.ZipInfo(f"六月/{name}", (2024, 7, 3, 9, 0, 0)), data)
        home.junk("报表.zip", buffer.getvalue())
        return
    message = EmailMessage()
    message["From"], message["Date"] = "m001@example.com", "Wed, 03 Jul 2024 09:00:00 +0800"
    message.set_content("附件")
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    home.junk("信.eml", message.as_bytes())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["zip", "mail"])
def test_what_was_packed_counts_and_the_home_stays_whole(tmp_path, kind):
    home = SmallHome(tmp_path)
    home.masters()
    packed(home, home.sends("M001", (3, "C001a", 5)), kind)
    said = home.run().output
    assert "已解开，里面有 1 个文件" in said
    assert home.state("M001") == "on time"
    assert home.value("volume", "M001") == 5
    assert list(home.inbox.rglob("*")) == []
    assert call("verify", "--home", str(home.home)).exit_code == 0


@pytest.mark.slow
def test_a_zip_that_cannot_be_unpacked_is_refused_by_its_name(tmp_path):
    home = SmallHome(tmp_path)
    home.masters()
    home.sends("M001", (3, "C001a", 5))
    home.junk("坏.zip", b"PK\x03\x04" + bytes(100) + b"PK\x05\x06" + bytes(18))
    said = home.run().output
    assert "坏.zip" in said
    assert "已解开" not in said
    assert home.value("volume", "M001") == 5
