"""Definitions of indices in a file: what they say, how they meet the settings, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.env_file import default_config_dir
from engine.errors import SettingsError
from engine.indices import KEYS, Definition, definitions_path, names, of_index, read_definitions, rules_of
from engine.settings import Settings, load_settings

EVERYTHING = """
[top50]
title = "The largest fifty"
size = 50
weighting = "Cap"
rebalance = "quarterly"
buffer = 5
sectors = ["Technology", "Health  Care", "technology"]
exchanges = ["nyse", "AMEX", "Nasdaq"]
domicile = "us"
cap_band = 3
base_level = 100
base_date = 2022-01-03
cost_bps = 2.5

[energy]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def loaded(path: Path, index: str | None = None, **env: str) -> Settings:
    return load_settings({"index": index}, {"FLATCAP_INDICES": str(path), **env})


def test_a_definition_says_everything_that_makes_an_index(tmp_path: Path) -> None:
    path = written(tmp_path, EVERYTHING)
    found = read_definitions(path)
    assert list(found) == ["top50", "energy"]
    assert found["energy"] == Definition("energy", path)
    assert set(found["top50"].values) == set(KEYS.values())
    settings = loaded(path, "top50")
    assert (settings.title, settings.index_size, settings.buffer) == ("The largest fifty", 50, 5)
    assert (settings.weighting, settings.rebalance, settings.domicile) == ("cap", "quarterly", "us")
    assert settings.index_sectors == ("Technology", "Health Care")
    assert settings.index_exchanges == ("NYSE", "NYSE AMERICAN", "NASDAQ")
    assert (settings.cap_band, settings.base_level, settings.cost_bps) == (3.0, 100.0, 2.5)
    assert settings.base_date == date(2022, 1, 3)
    assert {settings.origins[name] for name in KEYS.values()} == {"mine.toml"}
    assert settings.origins["index"] == "flag"


def test_a_date_may_be_written_as_text(tmp_path: Path) -> None:
    assert loaded(written(tmp_path, '[a]\nbase_date = "2022-01-03"'), "a").base_date == date(2022, 1, 3)


def test_a_definition_goes_before_flags_and_the_environment_and_leaves_the_rest_to_them(tmp_path: Path) -> None:
    path = written(tmp_path, "[top50]\nsize = 50")
    settings = load_settings(
        {"index": "top50", "index_size": "70"}, {"FLATCAP_INDICES": str(path), "FLATCAP_BUFFER": "4"}
    )
    assert (settings.index_size, settings.buffer) == (50, 4)
    assert (settings.origins["index_size"], settings.origins["buffer"]) == ("mine.toml", "environment")
    back = of_index(settings, "top100")
    assert (back.index_size, back.origins["index_size"], back.origins["index"]) == (70, "flag", "chosen")


def test_going_from_one_index_to_another_is_as_if_it_had_been_chosen_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, EVERYTHING + 'weighting = "cap"\n[top100]\nbuffer = 9\n')
    there = of_index(of_index(loaded(path, "top50"), "top100"), "energy")
    at_once = loaded(path, "energy")
    for name in KEYS.values():
        assert getattr(there, name) == getattr(at_once, name), name
        assert there.origins[name] == at_once.origins[name], name
    assert (there.index, there.title, there.covered) == ("energy", "", at_once.covered)
    assert rules_of(there) == rules_of(at_once)


def test_the_default_index_comes_first_and_is_there_without_being_defined(tmp_path: Path) -> None:
    assert names(loaded(written(tmp_path, EVERYTHING))) == ("top100", "top50", "energy")
    assert names(loaded(written(tmp_path, "[b]\n[top100]\nsize = 5\n"))) == ("top100", "b")


def test_without_definitions_any_name_is_the_one_index() -> None:
    settings = load_settings({"index": "mine"}, {})
    assert names(settings) == ("mine",)
    assert of_index(settings, "other").index == "other"


def test_the_file_in_the_config_folder_is_read_without_being_named() -> None:
    default_config_dir().mkdir(parents=True, exist_ok=True)
    (default_config_dir() / "indices.toml").write_text("[top20]\nsize = 20\n", encoding="utf-8")
    settings = load_settings({}, {"FLATCAP_INDEX": "top20"})
    assert (settings.index_size, settings.origins["index_size"]) == (20, "indices.toml")
    assert definitions_path(settings) == default_config_dir() / "indices.toml"


def test_an_empty_file_defines_nothing(tmp_path: Path) -> None:
    settings = loaded(written(tmp_path, "# nothing yet\n"), "anything")
    assert (settings.definitions, settings.index) == ({}, "anything")


def test_an_index_that_is_not_defined_is_refused_with_those_that_are(tmp_path: Path) -> None:
    path = written(tmp_path, EVERYTHING)
    with pytest.raises(SettingsError) as caught:
        loaded(path, "top5")
    assert caught.value.message == f"There is no index 'top5' (from --index) in {path}."
    assert caught.value.hint == "did you mean top50? there are: top100, top50, energy"
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "key", "shown", "allowed"),
    [
        ("size = 0", "size", "0", "a whole number from 1 to 10,000"),
        ('size = "50"', "size", "'50'", "a whole number from 1 to 10,000"),
        ("size = 1.5", "size", "1.5", "a whole number from 1 to 10,000"),
        ("size = true", "size", "True", "a whole number from 1 to 10,000"),
        ("buffer = -1", "buffer", "-1", "a whole number from 0 to 9,999"),
        ("buffer = [1]", "buffer", "[1]", "a whole number from 0 to 9,999"),
        ('weighting = "value"', "weighting", "'value'", "equal, cap"),
        ("weighting = 1", "weighting", "1", "equal, cap"),
        ('weighting = ""', "weighting", "''", "equal, cap"),
        ('rebalance = "hourly"', "rebalance", "'hourly'", "daily, weekly, monthly, quarterly"),
        ('domicile = "moon"', "domicile", "'moon'", "listed, us"),
        ("cap_band = 1", "cap_band", "1", "0 (off) or a number from 1.01 to 1,000"),
        ("base_level = nan", "base_level", "nan", "a number from 0.001 to 1e+09"),
        ("cost_bps = inf", "cost_bps", "inf", "a number from 0 to 1,000"),
        ('cost_bps = "1"', "cost_bps", "'1'", "a number from 0 to 1,000"),
        ('sectors = "Energy"', "sectors", "'Energy'", "a list [...] names of sectors"),
        ("sectors = [1]", "sectors", "[1]", "a list [...] names of sectors"),
        ('sectors = ["a,b"]', "sectors", "['a,b']", "a list [...] names of sectors"),
        ('sectors = [""]', "sectors", "['']", "a list [...] names of sectors"),
        ('exchanges = ["LSE"]', "exchanges", "['LSE']", "a list [...] of NYSE, NASDAQ and NYSE AMERICAN (or AMEX)"),
        ("base_date = 2022-01-03T10:00:00", "base_date", "2022-01-03T10:00:00", "a day written YYYY-MM-DD"),
        ('base_date = "3.1.2022"', "base_date", "'3.1.2022'", "a day written YYYY-MM-DD"),
        ('base_date = ""', "base_date", "''", "a day written YYYY-MM-DD"),
        ("title = 5", "title", "5", "text between quotes"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_by_file_index_and_key(
    tmp_path: Path, text: str, key: str, shown: str, allowed: str
) -> None:
    path = written(tmp_path, f"[ok]\n[bad]\n{text}\n")
    with pytest.raises(SettingsError) as caught:
        loaded(path)
    assert caught.value.message == f"{path}: the index bad cannot have {key} = {shown}."
    assert caught.value.hint == f"allowed: {allowed}"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[a]\nrebalence = 'daily'", "the index a has no key 'rebalence'.", "did you mean rebalance? allowed: title, "),
        ("[a]\nponies = 1", "the index a has no key 'ponies'.", "allowed: title, size, "),
        ("[a.b]\nsize = 5", "the index a has no key 'b'.", "allowed: "),
        ("size = 5", "size = 5 stands outside of an index.", "write it below the name of one: [top50]"),
        ("[[a]]\nsize = 5", "a = [{'size': 5}] stands outside of an index.", "write it below"),
        ("['Top 50']", "'Top 50' cannot be the name of an index.", "allowed: 1 to 32 of a-z"),
        (f"[{'x' * 33}]", f"'{'x' * 33}' cannot be the name of an index.", "allowed: 1 to 32 of a-z"),
    ],
)
def test_a_file_of_another_shape_is_refused_in_one_sentence(tmp_path: Path, text: str, message: str, hint: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        loaded(path)
    assert caught.value.message == f"{path}: {message}"
    assert caught.value.hint.startswith(hint)


def test_a_buffer_as_large_as_the_index_is_refused_for_every_index_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "[a]\nsize = 500\n[small]\nsize = 10\n")
    with pytest.raises(SettingsError) as caught:
        loaded(path, "a", FLATCAP_BUFFER="12")
    assert caught.value.message == (
        "The setting buffer cannot be 12 (from environment) with index_size 10 (from mine.toml) "
        f"for the index small of {path}."
    )


@pytest.mark.parametrize("content", [b"[a\n", b"[a]\nsize = 5\nsize = 6\n", b"[a]\n\xff\xfe\n"])
def test_a_file_that_is_no_toml_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"The file of indices .*mine\.toml cannot be read: .+\.") as caught:
        loaded(path)
    assert "config template --indices" in caught.value.hint


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be read: it is a folder\."):
        loaded(tmp_path)


def test_a_file_that_was_named_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"There is no file of indices at .*none\.toml\."):
        loaded(tmp_path / "none.toml")


def test_a_title_is_plain_text_of_one_line(tmp_path: Path) -> None:
    path = written(tmp_path, '[a]\ntitle = "  Big\\n\\u001b[31m\\u202e red\\t ' + "x" * 80 + '"\n')
    title = read_definitions(path)["a"].title
    assert title.startswith("Big [31m red xxx")
    assert len(title) == 60


def test_filters_are_settings_too() -> None:
    settings = load_settings(
        {}, {"FLATCAP_INDEX_SECTORS": "Energy, energy ,Utilities", "FLATCAP_INDEX_EXCHANGES": "amex,NYSE American"}
    )
    assert settings.index_sectors == ("Energy", "Utilities")
    assert settings.index_exchanges == ("NYSE AMERICAN",)
    assert rules_of(settings).sectors == {"energy", "utilities"}
