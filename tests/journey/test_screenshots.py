"""The pictures under docs are those that `make screenshots` draws, and it finds the Guanxi that runs."""

from __future__ import annotations

from tests.journey import screenshots
from tests.journey.system import System


def test_every_picture_is_listed_and_there(guanxi: System):
    pictures = list(screenshots.album(guanxi.url))
    files = {picture.file for picture in pictures}
    assert len(files) == len(pictures)
    assert {path.name for path in screenshots.FOLDER.glob("*.png")} == files
    assert (screenshots.FOLDER / "README.md").read_text() == screenshots.contents(pictures)


def test_it_finds_the_guanxi_of_this_folder(guanxi: System, monkeypatch):
    monkeypatch.setenv("GUANXI_RUN_DIR", str(guanxi.folder))
    assert screenshots.running_here() == guanxi.url
