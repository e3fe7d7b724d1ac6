def test_a_preset_of_two_domains_is_refused_before_the_data_is_read(kgan_run, tmp_path):
    options = ("--preset", "cogan", "--data", "digits", "--out", tmp_path / "run")
    result = kgan_run("train", *options)
    assert result.exit_code == 1
    assert "learns from two" in result.stderr and "Received: preset=" in result.stderr
    assert not (tmp_path / "run").exists()
