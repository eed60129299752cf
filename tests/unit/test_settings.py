from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from engine.env_file import default_env_file
from engine.errors import SettingsError
from engine.settings import (
    SETTINGS,
    Settings,
    default_data_dir,
    demo_settings,
    env_template,
    load_settings,
    strays,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    path = tmp_path / "flatcap.env"
    path.write_text("FLATCAP_BUFFER=3\nFLATCAP_INDEX_SIZE=30\nFLATCAP_COST_BPS='2.5'\n", encoding="utf-8")
    return path


def test_every_setting_is_declared_once_with_the_default_that_it_has() -> None:
    made = {"origins", "title", "definitions", "covered"}
    fields = [field for field in dataclasses.fields(Settings) if field.name not in made]
    assert [setting.name for setting in SETTINGS] == [field.name for field in fields]
    for setting, field in zip(SETTINGS[1:], fields[1:], strict=True):
        assert setting.parse(setting.default) == field.default
        assert type(setting.parse(setting.default)) is type(field.default)


def test_without_anything_given_every_value_is_a_default() -> None:
    settings = load_settings({}, {})
    assert settings == Settings(default_data_dir(), origins=settings.origins)
    assert set(settings.origins.values()) == {"default"}


def test_a_flag_wins_over_the_environment_over_the_file_over_the_default(env_file: Path) -> None:
    env = {"FLATCAP_INDEX_SIZE": "40", "FLATCAP_BUFFER": "5"}
    settings = load_settings({"index_size": "50", "index": None}, env, env_file=env_file)
    assert (settings.index_size, settings.buffer, settings.cost_bps, settings.index) == (50, 5, 2.5, "top100")
    names = ("index_size", "buffer", "cost_bps", "index")
    assert [settings.origins[name] for name in names] == ["flag", "environment", ".env", "default"]


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load_settings({}, {"FLATCAP_BUFFER": ""}).origins["buffer"] == "default"


def test_the_file_in_the_config_folder_is_read_without_being_named() -> None:
    default_env_file().parent.mkdir(parents=True)
    default_env_file().write_text("FLATCAP_CAP_BAND=0\n", encoding="utf-8")
    assert load_settings({}, {}).cap_band == 0


def test_the_dot_env_of_the_current_folder_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("FLATCAP_BUFFER=7\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_settings({}, {}).buffer == 0


def test_the_environment_can_name_the_file(env_file: Path) -> None:
    assert load_settings({}, {"FLATCAP_ENV_FILE": str(env_file)}).buffer == 3


@pytest.mark.parametrize("named_by", ["flag", "environment"])
def test_a_file_that_was_named_has_to_be_there(tmp_path: Path, named_by: str) -> None:
    missing = tmp_path / "missing.env"
    env = {"FLATCAP_ENV_FILE": str(missing)} if named_by == "environment" else {}
    with pytest.raises(SettingsError, match=r"no file of settings at .*missing\.env"):
        load_settings({}, env, env_file=missing if named_by == "flag" else None)


def test_a_file_that_is_not_text_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "binary.env"
    path.write_bytes(b"FLATCAP_INDEX=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"binary\.env cannot be read"):
        load_settings({}, {}, env_file=path)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("FLATCAP_INDEX_SIZE", "0"),
        ("FLATCAP_INDEX_SIZE", "ten"),
        ("FLATCAP_INDEX_SIZE", "1.5"),
        ("FLATCAP_BUFFER", "-1"),
        ("FLATCAP_BASE_LEVEL", "0"),
        ("FLATCAP_BASE_LEVEL", "nan"),
        ("FLATCAP_COST_BPS", "inf"),
        ("FLATCAP_CAP_BAND", "1"),
        ("FLATCAP_CAP_BAND", "-2"),
        ("FLATCAP_REBALANCE", "hourly"),
        ("FLATCAP_INDEX", "../other"),
        ("FLATCAP_INDEX", "Top 100"),
        ("FLATCAP_DOMICILE", "moon"),
        ("FLATCAP_PROVIDER", "carrier-pigeon"),
        ("FLATCAP_CACHE_MB", "-1"),
        ("FLATCAP_LOG_LEVEL", "loud"),
    ],
)
def test_a_bad_value_is_refused_with_its_setting_its_place_and_what_is_allowed(variable: str, value: str) -> None:
    setting = next(setting for setting in SETTINGS if setting.variable == variable)
    with pytest.raises(SettingsError) as caught:
        load_settings({}, {variable: value})
    assert caught.value.message == (
        f"The setting {setting.name} cannot be {value!r} (from {variable} in the environment)."
    )
    assert caught.value.hint == f"allowed: {setting.allowed}"
    assert caught.value.exit_code == 2


def test_a_bad_value_in_a_file_is_refused_with_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.env"
    path.write_text("FLATCAP_REBALANCE=hourly\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"from FLATCAP_REBALANCE in .*mine\.env"):
        load_settings({}, {}, env_file=path)


def test_a_bad_flag_is_refused_with_the_name_of_the_flag() -> None:
    with pytest.raises(SettingsError, match=r"The setting index cannot be '\.\.' \(from --index\)"):
        load_settings({"index": ".."}, {})


def test_a_buffer_as_large_as_the_index_is_refused_with_both_origins() -> None:
    with pytest.raises(SettingsError, match=r"buffer .* 10 \(from environment\) with index_size 10 \(from flag\)"):
        load_settings({"index_size": "10"}, {"FLATCAP_BUFFER": "10"})


@pytest.mark.parametrize(("typed", "band"), [("0", 0.0), ("0.0", 0.0), ("3", 3.0), ("1.5", 1.5)])
def test_the_cap_band_is_off_at_zero_and_a_factor_above_one(typed: str, band: float) -> None:
    assert load_settings({}, {"FLATCAP_CAP_BAND": typed}).cap_band == band


def test_words_are_taken_in_any_case() -> None:
    assert load_settings({}, {"FLATCAP_REBALANCE": "Weekly"}).rebalance == "weekly"


def test_a_data_folder_is_made_absolute_and_its_tilde_is_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings({"data_dir": "store"}, {}).data_dir == tmp_path / "store"
    assert load_settings({"data_dir": "~/store"}, {}).data_dir == Path.home() / "store"


def test_the_demo_market_has_a_store_of_its_own(tmp_path: Path) -> None:
    settings = demo_settings(Settings(tmp_path, index_size=20))
    assert settings == Settings(tmp_path / "demo", index_size=20, provider="demo")


def test_a_name_that_is_no_setting_is_found_with_the_one_that_may_be_meant() -> None:
    env = {"FLATCAP_INDX_SIZE": "5", "FLATCAP_BUFFER": "1", "FLATCAP_ENV_FILE": "x", "HOME": "/"}
    assert list(strays(env, {"FLATCAP_PONIES": "1"})) == [
        ("FLATCAP_INDX_SIZE", "FLATCAP_INDEX_SIZE"),
        ("FLATCAP_PONIES", ""),
    ]


def test_the_example_file_is_the_one_that_the_registry_makes() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_template(), "run: python -m tests.docs"


def test_the_example_file_uncommented_gives_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "all.env"
    given = [line.removeprefix("#") for line in env_template().splitlines() if line.startswith("#FLATCAP_")]
    path.write_text("\n".join(given), encoding="utf-8")
    settings = load_settings({}, {}, env_file=path)
    assert settings == Settings(default_data_dir(), origins=settings.origins)
    assert set(settings.origins.values()) == {"default", ".env"}
