"""The audit of the dependencies: what it says of what it was told."""

from tests.audit import LOCK, pinned, verdict

SOUND = {"name": "aiogram", "version": "3.31.0", "vulns": []}
ILL = {
    "name": "jinja2",
    "version": "2.10",
    "vulns": [{"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"]}],
}
UNKNOWN = {"name": "ours", "skip_reason": "Dependency not found on PyPI"}


def test_a_vulnerability_is_named_with_the_version_that_mends_it() -> None:
    found = verdict({"dependencies": [SOUND, ILL]})
    assert found.vulnerable == ["jinja2 2.10: PYSEC-2019-217, mended in 2.10.1"]
    assert "2 packages, 1 vulnerabilities known\n  jinja2 2.10" in found.words


def test_what_was_not_audited_never_reads_like_good_news() -> None:
    assert "NOT AUDITED" in verdict({"dependencies": [UNKNOWN]}).words
    assert "no advisories about ours" in verdict({"dependencies": [SOUND, UNKNOWN]}).words


def test_every_pinned_package_is_asked_about_with_its_hashes() -> None:
    packages = pinned(LOCK.read_text())
    assert len(packages) > 50
    assert all("==" in one and "--hash=sha256:" in one for one in packages)
